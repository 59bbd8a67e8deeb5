package dev.transvase.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * A session that is as good as new each time it is used, for statements that need none of their own: to log in by SCRAM takes
 * longer than most statements of tests. Used by any thread; who comes while it is in use gets another.
 */
final class KeptSession implements AutoCloseable {

    private final Opening opening;
    private final AtomicReference<Connection> idle = new AtomicReference<>();

    /** Opens a connection. */
    @FunctionalInterface
    interface Opening {
        Connection open() throws SQLException;
    }

    /** Uses a connection. */
    @FunctionalInterface
    interface Use<T> {
        T with(Connection connection) throws SQLException;
    }

    KeptSession(Opening opening) {
        this.opening = opening;
    }

    <T> T use(Use<T> use) throws SQLException {
        Connection connection = take();
        T result;
        try {
            result = use.with(connection);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
        giveBack(connection);
        return result;
    }

    /** The one that is kept, when the server has not ended it meanwhile. */
    private Connection take() throws SQLException {
        Connection kept = idle.getAndSet(null);
        if (kept != null && kept.isValid(0)) {
            return kept;
        }
        if (kept != null) {
            kept.close();
        }
        return opening.open();
    }

    private void giveBack(Connection connection) throws SQLException {
        boolean open = connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE;
        if (open) {
            connection.close();
            return;
        }
        Sql.execute(connection, "DISCARD ALL");
        if (!idle.compareAndSet(null, connection)) {
            connection.close();
        }
    }

    @Override
    public void close() throws SQLException {
        Connection kept = idle.getAndSet(null);
        if (kept != null) {
            kept.close();
        }
    }
}
