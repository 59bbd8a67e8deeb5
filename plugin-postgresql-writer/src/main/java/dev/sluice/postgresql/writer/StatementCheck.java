package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.SqlErrors;
import dev.sluice.spi.Checks;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Has the server plan the statement that batches will be sent with, and does not run it. That tells what the catalog does
 * not, such as rules that stand in the way of an upsert, or what is behind a view.
 */
final class StatementCheck {

    private static final String NO_MATCHING_KEY = "42P10";

    private final PostgresSession session;
    private final Checks checks;

    /** @param session in a transaction, which goes on */
    StatementCheck(PostgresSession session, Checks checks) {
        this.session = session;
        this.checks = checks;
    }

    /**
     * Reports what keeps the server from running the target's INSERT.
     *
     * @param parameter where the table stands in the job
     */
    void check(TargetTable target, String parameter) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("SAVEPOINT planned");
            try {
                statement.execute("EXPLAIN " + InsertSql.of(target, "NULL"));
            } catch (SQLException e) {
                if (!saysNo(e)) {
                    throw e;
                }
                statement.execute("ROLLBACK TO SAVEPOINT planned");
                report(target, parameter, e);
            }
        }
    }

    /** Whether the server was able to tell: a wrong state or object, something unsupported, a privilege. */
    private static boolean saysNo(SQLException error) {
        String state = SqlErrors.sqlState(error);
        return state.startsWith("42") || state.startsWith("55") || state.startsWith("0A");
    }

    private void report(TargetTable target, String parameter, SQLException error) {
        boolean key = SqlErrors.sqlState(error).equals(NO_MATCHING_KEY);
        checks.error(
                key ? "conflictKey" : parameter,
                key ? "NO_UNIQUE_KEY" : target.key().isPresent() ? "UPSERT_NOT_POSSIBLE" : "NOT_A_TABLE",
                "the server would not write to " + target.table() + ": " + SqlErrors.message(error),
                key
                        ? "name the columns of a unique key of the table behind it"
                        : target.key().isPresent()
                                ? "set writeMode to insert or copy"
                                : "write to the table behind it");
    }
}
