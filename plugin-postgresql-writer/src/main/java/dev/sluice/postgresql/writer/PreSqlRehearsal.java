package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PostgresSession;
import dev.sluice.spi.SluiceException;
import dev.sluice.spi.TableName;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tries what {@code preSql} defines, in a transaction that is rolled back, so that a table which only it creates can be
 * checked before anything is changed. Only statements that define things are tried: others may run long, or may not run
 * in a transaction.
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

    private final PostgresSession session;
    private final PostgresWriterParameters parameters;

    PreSqlRehearsal(PostgresSession session, PostgresWriterParameters parameters) {
        this.session = session;
        this.parameters = parameters;
    }

    /**
     * Runs them in the session's transaction, which the caller rolls back.
     *
     * @return why they could not be run; empty when they were
     */
    String run(List<TableName> tables) throws SQLException {
        List<String> definitions = parameters.preSql().stream()
                .filter(PreSqlRehearsal::isDefinition)
                .map(PreSqlRehearsal::withoutData)
                .toList();
        if (definitions.isEmpty()) {
            return "";
        }
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '5s'");
            statement.execute("SAVEPOINT rehearsal");
            try {
                TargetStatements.run(session, "preSql", definitions, tables);
                return "";
            } catch (SluiceException e) {
                statement.execute("ROLLBACK TO SAVEPOINT rehearsal");
                return "preSql would not create it: " + e.getMessage();
            }
        }
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
