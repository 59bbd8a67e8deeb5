package dev.transvase.postgresql.writer.jobsql;

import static dev.transvase.postgresql.error.PostgresErrors.TRANSACTION_LEFT_OPEN;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.StatementText;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.TransvaseException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Runs the statements of the parameter {@code session}, which every connection of the job begins with. */
public final class SessionStatements {

    /** Of what cannot be tried in a transaction that is READ ONLY: read_only_sql_transaction, active_sql_transaction, a COMMIT. */
    private static final Set<String> NOT_TRIED = Set.of("25006", "25001", "2D000");

    private final List<String> statements;

    public SessionStatements(List<String> statements) {
        this.statements = statements;
    }

    /**
     * Runs all of them in their order.
     *
     * @throws TransvaseException that names the one that failed
     */
    public void run(PostgresSession session) {
        TargetStatements.run(session, "session", statements, TablePlaceholder.NONE);
    }

    /** Runs those that set something, which may count for the next transaction only. */
    public void runSettings(PostgresSession session) {
        for (int i = 0; i < statements.size(); i++) {
            if (isSetting(i)) {
                TargetStatements.runOne(session, path(i), statements.get(i), TablePlaceholder.NONE, () -> {});
            }
        }
    }

    /**
     * Tries the others so that they write nothing: in the session's transaction, which its owner rolls back, and as long as
     * they run is READ ONLY. What would write is warned of.
     *
     * @throws TransvaseException that names the one that failed, or that begins or ends a transaction
     */
    public void tryOthers(PostgresSession session, Checks checks) throws SQLException {
        if (IntStream.range(0, statements.size()).allMatch(this::isSetting)) {
            return;
        }
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("SAVEPOINT read_only; SET LOCAL transaction_read_only = on");
            boolean all = true;
            for (int i = 0; i < statements.size(); i++) {
                if (!isSetting(i)) {
                    all &= tryOne(session, statement, i, all, checks);
                }
            }
            statement.execute("RELEASE SAVEPOINT read_only");
        }
    }

    /**
     * @param all whether those before it were run: else it may fail for the want of them
     * @return whether it was run
     */
    private boolean tryOne(PostgresSession session, Statement statement, int index, boolean all, Checks checks)
            throws SQLException {
        if (StatementText.controlsTransactions(statements.get(index))) {
            throw TransvaseException.of(
                    TRANSACTION_LEFT_OPEN,
                    path(index) + " (" + TargetStatements.shortened(statements.get(index))
                            + ") begins or ends a transaction, which only the writer may do; remove it");
        }
        statement.execute("SAVEPOINT one");
        try {
            TargetStatements.runOne(session, path(index), statements.get(index), TablePlaceholder.NONE, () -> {});
            statement.execute("RELEASE SAVEPOINT one");
            return true;
        } catch (TransvaseException e) {
            String state = e.getCause() instanceof SQLException cause ? SqlErrors.sqlState(cause) : "";
            if (all && !NOT_TRIED.contains(state)) {
                throw e;
            }
            statement.execute("ROLLBACK TO SAVEPOINT one");
            checks.warning(
                    path(index),
                    "the statement was not tried, because it or one before it writes; each connection of a run will"
                            + " start with"
                            + " it");
            return false;
        }
    }

    private boolean isSetting(int index) {
        return StatementText.isSetting(statements.get(index));
    }

    private static String path(int index) {
        return "session[" + index + ']';
    }
}
