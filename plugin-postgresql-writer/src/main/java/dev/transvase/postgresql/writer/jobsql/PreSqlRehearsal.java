package dev.transvase.postgresql.writer.jobsql;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tries what {@code preSql} defines, in a transaction that is rolled back, so that tables can be checked as it will leave
 * them before anything is changed. Only statements that define things are tried: others may run long, or may not run in a
 * transaction.
 */
public final class PreSqlRehearsal {

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

    /** For each statement, since one may have set others: what would rewrite a large table is not worth doing twice. */
    private static final String LIMITS = "SET LOCAL lock_timeout = '300ms'; SET LOCAL statement_timeout = '3s'";

    private static final String NO_LIMITS = "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0";

    /** For all of them: others wait for the locks that are held. */
    private static final Duration ALL = Duration.ofSeconds(5);

    /** Settings that decide how the tables are looked at: the channels' sessions have them as they were. */
    private static final List<String> OF_THE_SESSION =
            List.of("session_authorization", "role", "search_path", "session_replication_role", "row_security");

    /**
     * Errors of the rehearsal, which a run need not meet: classes of SQLSTATE. It is in one transaction, holds many locks at once,
     * and is in a hurry.
     */
    private static final Set<String> OF_THE_REHEARSAL = Set.of("25", "40", "53", "55", "57");

    /** Errors that depend on the rows, which statements that were not tried may have changed: classes of SQLSTATE. */
    private static final Set<String> OF_ROWS = Set.of("21", "22", "23", "38", "39", "44", "54", "P0");

    /** Where a semicolon may be something else than the end of a statement. */
    private static final Pattern QUOTED = Pattern.compile("['\"$]|--|/\\*|\\bATOMIC\\b", Pattern.CASE_INSENSITIVE);

    /** The rehearsal has a transaction of its own. */
    private static final Pattern TRANSACTION =
            Pattern.compile("(BEGIN|START\\s+TRANSACTION|COMMIT|END)\\b[^;]*;?", Pattern.CASE_INSENSITIVE);

    private final PostgresSession session;
    private final PostgresWriterParameters parameters;
    private final List<Part> parts = new ArrayList<>();

    /** One statement of an entry, and where that stands in the job. */
    private record Part(String path, String sql) {}

    public PreSqlRehearsal(PostgresSession session, PostgresWriterParameters parameters) {
        this.session = session;
        this.parameters = parameters;
        List<String> entries = parameters.preSql();
        for (int i = 0; i < entries.size(); i++) {
            for (String sql : split(entries.get(i))) {
                parts.add(new Part("preSql[" + i + ']', sql));
            }
        }
    }

    /** The statements of an entry, as far as that is possible without parsing SQL as the server does. */
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
    public record Failure(String path, String message, Kind kind) {

        public enum Kind {
            /** The run would meet it too. */
            CERTAIN,
            /** The run may meet it, or not. */
            DOUBTFUL,
            /** The statement took too long, a table is locked, or it does not go into a transaction. */
            UNTRIED
        }
    }

    /**
     * Runs them in the session's transaction, which the caller rolls back. They hold their locks until then, those on
     * existing tables too.
     *
     * @return what kept one from being run: one that could not be tried was left out, after another failure none of them counts;
     *     empty when all were run
     */
    public Optional<Failure> run(List<TableName> targets) throws SQLException {
        if (parts.stream().noneMatch(part -> isDefinition(part.sql()))) {
            return Optional.empty();
        }
        try (Statement statement = session.jdbc().createStatement()) {
            Map<String, String> settings = settings(statement);
            statement.execute("SAVEPOINT rehearsal");
            Optional<Failure> failure = runEach(statement, new TablePlaceholder(targets, parameters));
            if (failure.isPresent() && failure.get().kind() != Failure.Kind.UNTRIED) {
                statement.execute("ROLLBACK TO SAVEPOINT rehearsal");
            }
            restore(settings, statement);
            statement.execute(NO_LIMITS);
            return failure;
        }
    }

    private static Map<String, String> settings(Statement statement) throws SQLException {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : OF_THE_SESSION) {
            try (ResultSet row =
                    statement.executeQuery("SELECT pg_catalog.current_setting(" + SqlNames.literal(name) + ")")) {
                row.next();
                settings.put(name, row.getString(1));
            }
        }
        return settings;
    }

    private static void restore(Map<String, String> settings, Statement statement) throws SQLException {
        Map<String, String> now = settings(statement);
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            if (!setting.getValue().equals(now.get(setting.getKey()))) {
                statement.execute("SELECT pg_catalog.set_config(" + SqlNames.literal(setting.getKey()) + ", "
                        + SqlNames.literal(setting.getValue()) + ", true)");
            }
        }
    }

    private Optional<Failure> runEach(Statement statement, TablePlaceholder tables) throws SQLException {
        boolean complete = true;
        Failure untried = null;
        long deadline = System.nanoTime() + ALL.toNanos();
        for (Part part : parts) {
            String sql = part.sql();
            if (!isDefinition(sql)) {
                complete &= TargetStatements.definesNothing(sql)
                        || TRANSACTION.matcher(sql.strip()).matches();
                continue;
            }
            Optional<Failure> failure = runOne(statement, part, tables, complete, deadline);
            if (failure.isPresent() && failure.get().kind() != Failure.Kind.UNTRIED) {
                return failure;
            }
            if (failure.isPresent()) {
                complete = false;
                untried = untried == null ? failure.get() : untried;
            }
        }
        return Optional.ofNullable(untried);
    }

    private Optional<Failure> runOne(
            Statement statement, Part part, TablePlaceholder tables, boolean complete, long deadline)
            throws SQLException {
        statement.execute("SAVEPOINT part");
        try {
            for (String sql : tables.expand(withoutData(part.sql()))) {
                if (System.nanoTime() - deadline > 0) {
                    statement.execute("ROLLBACK TO SAVEPOINT part");
                    return Optional.of(new Failure(
                            part.path(), "trying the statements before it took too long", Failure.Kind.UNTRIED));
                }
                statement.execute(LIMITS);
                TargetStatements.runOne(session, part.path(), sql, TablePlaceholder.NONE, () -> {});
            }
            statement.execute("RELEASE SAVEPOINT part");
            return Optional.empty();
        } catch (TransvaseException e) {
            statement.execute("ROLLBACK TO SAVEPOINT part");
            return Optional.of(new Failure(part.path(), e.getMessage(), kind(e, complete)));
        }
    }

    private static Failure.Kind kind(TransvaseException failure, boolean complete) {
        String state = failure.getCause() instanceof SQLException e ? SqlErrors.sqlState(e) : "";
        String ofClass = state.substring(0, Math.min(2, state.length()));
        if (OF_THE_REHEARSAL.contains(ofClass)) {
            return Failure.Kind.UNTRIED;
        }
        return complete && !OF_ROWS.contains(ofClass) ? Failure.Kind.CERTAIN : Failure.Kind.DOUBTFUL;
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
