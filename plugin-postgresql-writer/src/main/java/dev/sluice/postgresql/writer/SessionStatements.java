package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.SqlErrors;
import dev.sluice.spi.Checks;
import dev.sluice.spi.SluiceException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Runs the statements of the parameter {@code session}, which every connection of the job begins with. */
final class SessionStatements {

    private static final Pattern SETTING =
            Pattern.compile("(SET|RESET)\\b[^;]*;?\\s*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern TRANSACTION = Pattern.compile(
            "(^|;)\\s*(BEGIN|START\\s+TRANSACTION|COMMIT|END|ROLLBACK(?!\\s+TO\\b)|ABORT|PREPARE\\s+TRANSACTION)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final String READ_ONLY = "25006";

    private final List<String> statements;

    SessionStatements(List<String> statements) {
        this.statements = statements;
    }

    /**
     * Runs all of them in their order.
     *
     * @throws SluiceException that names the one that failed
     */
    void run(PostgresSession session) {
        TargetStatements.run(session, "session", statements, List.of());
    }

    /** Runs those that set something, which may count for the next transaction only. */
    void runSettings(PostgresSession session) {
        for (int i = 0; i < statements.size(); i++) {
            if (isSetting(i)) {
                TargetStatements.runOne(session, path(i), statements.get(i), List.of(), () -> {});
            }
        }
    }

    /**
     * Tries the others so that they write nothing: in the session's transaction, which its owner rolls back, and as long as
     * they run is READ ONLY. What would write is warned of.
     *
     * @throws SluiceException that names the one that failed, or that begins or ends a transaction
     */
    void tryOthers(PostgresSession session, Checks checks) throws SQLException {
        if (IntStream.range(0, statements.size()).allMatch(this::isSetting)) {
            return;
        }
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("SAVEPOINT read_only; SET LOCAL transaction_read_only = on");
            for (int i = 0; i < statements.size(); i++) {
                if (!isSetting(i)) {
                    tryOne(session, statement, i, checks);
                }
            }
            statement.execute("RELEASE SAVEPOINT read_only");
        }
    }

    private void tryOne(PostgresSession session, Statement statement, int index, Checks checks) throws SQLException {
        if (TRANSACTION.matcher(statements.get(index)).find()) {
            throw SluiceException.user(
                    "TRANSACTION_LEFT_OPEN",
                    path(index) + " (" + TargetStatements.shortened(statements.get(index))
                            + ") begins or ends a transaction, which the writer does by itself; remove it");
        }
        statement.execute("SAVEPOINT one");
        try {
            TargetStatements.runOne(session, path(index), statements.get(index), List.of(), () -> {});
            statement.execute("RELEASE SAVEPOINT one");
        } catch (SluiceException e) {
            if (!(e.getCause() instanceof SQLException cause
                    && SqlErrors.sqlState(cause).equals(READ_ONLY))) {
                throw e;
            }
            statement.execute("ROLLBACK TO SAVEPOINT one");
            checks.warning(
                    path(index),
                    "the statement writes, so it was not tried; each connection of a run will begin with it");
        }
    }

    private boolean isSetting(int index) {
        return SETTING.matcher(statements.get(index).strip()).matches();
    }

    private static String path(int index) {
        return "session[" + index + ']';
    }
}
