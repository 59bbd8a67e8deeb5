package dev.transvase.postgresql.writer.session;

import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Commits, and keeps a cancellation from cutting a commit short, which would leave its outcome open. {@link #commit} is for
 * the writing thread, {@link #betweenCommits} for any.
 */
public final class Commits {

    /** A commit takes longer than this only when something is wrong, such as a synchronous standby that is gone. */
    private static final long PATIENCE_SECONDS = 5;

    /** Held while a commit is under way, and while the session is cancelled. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean cancelled;

    private static final String COMMIT = "COMMIT; SELECT pg_catalog.pg_current_wal_flush_lsn()";

    /**
     * Commits the transaction, and returns up to where the server's log is durable after it, in one round trip.
     *
     * @throws InDoubtException when the connection went away while the server was committing
     * @throws SQLException when the server refused, or when it committed and would not tell where its log is
     */
    long commit(Connection connection) throws SQLException {
        lock.lock();
        try {
            if (cancelled) {
                throw TransvaseException.of(CANCELLED, "writing was cancelled before a commit", null);
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(COMMIT);
                statement.getMoreResults();
                try (ResultSet row = statement.getResultSet()) {
                    row.next();
                    return ServerState.lsn(row.getString(1));
                }
            }
        } catch (SQLException e) {
            boolean open =
                    SqlErrors.isConnectionLost(e) || SqlErrors.sqlState(e).startsWith("57P");
            throw open ? new InDoubtException(e) : e;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs this when no commit is under way, or when one has taken too long; none is begun afterwards. An interrupt does not hurry it:
     * the thread whose failure ends a run is interrupted with all others.
     */
    void betweenCommits(Runnable cancellation) {
        cancelled = true;
        boolean locked = awaitCommit();
        try {
            cancellation.run();
        } finally {
            if (locked) {
                lock.unlock();
            }
        }
    }

    /** Whether the lock was got in time. */
    private boolean awaitCommit() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Nobody knows whether the server has committed: for example, the connection went away meanwhile. */
    public static final class InDoubtException extends SQLException {

        private static final long serialVersionUID = 1L;

        InDoubtException(SQLException cause) {
            super(cause.getMessage(), cause.getSQLState(), cause);
        }

        public SQLException error() {
            return (SQLException) getCause();
        }
    }
}
