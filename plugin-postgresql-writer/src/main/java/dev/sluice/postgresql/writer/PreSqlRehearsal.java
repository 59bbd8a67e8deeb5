package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.SqlErrors;
import dev.sluice.spi.SluiceException;
import dev.sluice.spi.TableName;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tries what {@code preSql} defines, in a transaction that is rolled back, so that tables can be checked as it will leave
 * them before anything is changed. Only statements that define things are tried: others may run long, or may not run in a
 * transaction.
 */
final class PreSqlRehearsal {

    private static final Pattern DEFINITION =
            Pattern.compile("(CREATE|ALTER|DROP|SET)\\b[^;]*;?\\s*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern NOT_IN_TRANSACTION = Pattern.compile(
            "(CREATE|ALTER|DROP)\\s+(DATABASE|TABLESPACE|SUBSCRIPTION|SYSTEM)\\b.*|.*\\bCONCURRENTLY\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** A table made of a query: trying it must not run the query, which may take long, or move a sequence. */
    private static final Pattern OF_QUERY = Pattern.compile(
            "CREATE\\b.*\\b(TABLE|VIEW)\\b.*\\bAS\\s*\\(?\\s*(SELECT|WITH|VALUES|TABLE|EXECUTE)\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern PLAIN_VIEW = Pattern.compile(
            "CREATE\\s+(OR\\s+REPLACE\\s+)?((GLOBAL|LOCAL)\\s+)?(TEMP|TEMPORARY)?\\s*(RECURSIVE\\s+)?VIEW\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern WITH_DATA =
            Pattern.compile("\\s*(\\bWITH\\s+(NO\\s+)?DATA)?\\s*;?\\s*$", Pattern.CASE_INSENSITIVE);

    /** What changing a table evaluates for its rows, and no rollback takes back. */
    private static final Pattern LASTING = Pattern.compile(
            "ALTER\\b.*\\b(nextval|setval|dblink\\w*|lo_\\w+|pg_\\w*advisory\\w*)\\s*\\(.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** How long a statement may take: what would rewrite a large table is not worth doing twice. */
    private static final String LIMITS = "SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = '3s'";

    private static final String NO_LIMITS = "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0";

    private static final String LOCKED = "55P03";
    private static final String TOOK_TOO_LONG = "57014";

    /** Errors that depend on the rows, which statements that were not tried may have changed: classes of SQLSTATE. */
    private static final Set<String> OF_ROWS = Set.of("22", "23");

    /** Where a semicolon may be something else than the end of a statement. */
    private static final Pattern QUOTED = Pattern.compile("['\"$]|--|/\\*|\\bATOMIC\\b", Pattern.CASE_INSENSITIVE);

    /** The rehearsal has a transaction of its own. */
    private static final Pattern TRANSACTION =
            Pattern.compile("(BEGIN|START\\s+TRANSACTION|COMMIT|END)\\b[^;]*;?", Pattern.CASE_INSENSITIVE);

    private final PostgresSession session;
    private final List<Part> parts = new ArrayList<>();

    /** One statement of an entry, and where that stands in the job. */
    private record Part(String path, String sql) {}

    PreSqlRehearsal(PostgresSession session, PostgresWriterParameters parameters) {
        this.session = session;
        List<String> entries = parameters.preSql();
        for (int i = 0; i < entries.size(); i++) {
            for (String sql : split(entries.get(i))) {
                parts.add(new Part("preSql[" + i + ']', sql));
            }
        }
    }

    /** The statements of an entry, as far as that can be told without reading SQL as the server does. */
    static List<String> split(String entry) {
        return QUOTED.matcher(entry).find()
                ? List.of(entry)
                : Arrays.stream(entry.split(";")).filter(sql -> !sql.isBlank()).toList();
    }

    /**
     * Why a rehearsal came to no end.
     *
     * @param path where the statement stands in the job
     * @param kind what it means for the run
     */
    record Failure(String path, String message, Kind kind) {

        enum Kind {
            /** The run would meet it too. */
            CERTAIN,
            /** The run may meet it, or not. */
            DOUBTFUL,
            /** The statement took too long, or a table is locked. */
            UNTRIED
        }
    }

    /**
     * Runs them in the session's transaction, which the caller rolls back. They hold their locks until then, those on
     * existing tables too.
     *
     * @return what kept one from being run, after which none of them counts; empty when all were run
     */
    Optional<Failure> run(List<TableName> tables) throws SQLException {
        if (parts.stream().noneMatch(part -> isDefinition(part.sql()))) {
            return Optional.empty();
        }
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute(LIMITS + "; SAVEPOINT rehearsal");
            Optional<Failure> failure = runEach(tables);
            statement.execute(failure.isPresent() ? "ROLLBACK TO SAVEPOINT rehearsal; " + NO_LIMITS : NO_LIMITS);
            return failure;
        }
    }

    private Optional<Failure> runEach(List<TableName> tables) {
        boolean complete = true;
        for (Part part : parts) {
            String sql = part.sql();
            if (!isDefinition(sql)) {
                complete &= TargetStatements.definesNothing(sql)
                        || TRANSACTION.matcher(sql.strip()).matches();
                continue;
            }
            try {
                TargetStatements.runOne(session, part.path(), withoutData(sql), tables, () -> {});
            } catch (SluiceException e) {
                return Optional.of(new Failure(part.path(), e.getMessage(), kind(e, complete)));
            }
        }
        return Optional.empty();
    }

    private static Failure.Kind kind(SluiceException failure, boolean complete) {
        String state = failure.getCause() instanceof SQLException e ? SqlErrors.sqlState(e) : "";
        if (state.equals(LOCKED) || state.equals(TOOK_TOO_LONG)) {
            return Failure.Kind.UNTRIED;
        }
        boolean ofRows = state.length() == 5 && OF_ROWS.contains(state.substring(0, 2));
        return complete && !ofRows ? Failure.Kind.CERTAIN : Failure.Kind.DOUBTFUL;
    }

    static boolean isDefinition(String statement) {
        String sql = statement.strip();
        return DEFINITION.matcher(sql).matches()
                && !NOT_IN_TRANSACTION.matcher(sql).matches()
                && !LASTING.matcher(sql).matches();
    }

    /** The same statement, which makes an empty table where it would make one of a query. */
    static String withoutData(String statement) {
        String sql = statement.strip();
        return OF_QUERY.matcher(sql).matches() && !PLAIN_VIEW.matcher(sql).matches()
                ? WITH_DATA.matcher(sql).replaceFirst(" WITH NO DATA")
                : statement;
    }
}
