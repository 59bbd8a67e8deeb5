package dev.transvase.postgresql.writer.session;

import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.retry.Pause;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session with the target that reconnects when its connection is lost. What a new session needs, and how the server is
 * made to end the lost one, is up to the owner. Used by one thread, except for {@link #cancel}.
 */
final class ReplaceableSession {

    private static final Logger log = LoggerFactory.getLogger(ReplaceableSession.class);

    private final Supplier<PostgresSession> connect;
    private final Preparation preparation;
    private final Ending ending;
    private final String purpose;
    private final Retries retries;
    private final Commits commits = new Commits();
    private final CountDownLatch cancelled = new CountDownLatch(1);

    private volatile PostgresSession session;
    private SessionMark mark;

    /** Makes a new session ready for its owner; it is in auto-commit mode. */
    @FunctionalInterface
    interface Preparation {
        void prepare(PostgresSession opened) throws SQLException;
    }

    /** Has the server end a lost session. A retryable error means that the new connection is lost as well. */
    @FunctionalInterface
    interface Ending {
        void end(SessionMark lost, Connection connection) throws SQLException;
    }

    /** Rolls the owner's transaction back. */
    @FunctionalInterface
    interface Rollback {
        void run() throws SQLException;
    }

    /**
     * Does not connect yet.
     *
     * @param connect opens a session
     * @param purpose what it is for, for messages: "write with"
     * @param patience how long to retry when connecting fails or the connection is lost; zero: not at all
     */
    ReplaceableSession(
            Supplier<PostgresSession> connect,
            Preparation preparation,
            Ending ending,
            String purpose,
            Duration patience) {
        this.connect = connect;
        this.preparation = preparation;
        this.ending = ending;
        this.purpose = purpose;
        this.retries = new Retries(patience, System::nanoTime, Pause.until(cancelled));
    }

    /** Connects, with retries. Blocks. */
    void connect() {
        retries.untilThere(() -> open(connect.get()));
    }

    private void open(PostgresSession opened) {
        session = opened;
        try {
            // Checked after the session has been published, so that either this thread or the cancelling one sees the
            // other.
            requireNotCancelled(null);
            mark = SessionMark.of(opened.jdbc());
            preparation.prepare(opened);
        } catch (SQLException e) {
            opened.close();
            throw SqlErrors.translate(e, "opening a connection to " + purpose);
        } catch (TransvaseException e) {
            opened.close();
            throw e;
        }
    }

    PostgresSession current() {
        return session;
    }

    Connection jdbc() {
        return session.jdbc();
    }

    /** Identifies the current session. */
    SessionMark mark() {
        return mark;
    }

    Retries retries() {
        return retries;
    }

    /** As {@link Commits#commit}. */
    long commit() throws SQLException {
        return commits.commit(jdbc());
    }

    /** Rolls back. When the connection is lost, the server has done so already. */
    void rollback(Rollback rollback) throws SQLException {
        try {
            rollback.run();
        } catch (SQLException e) {
            if (!SqlErrors.isConnectionLost(e)) {
                throw e;
            }
            log.debug("rolling back; the server has done so, as the connection is lost", e);
        }
    }

    /** Pauses after a conflict with another transaction. The caller has rolled back: until then its locks block others. */
    void afterConflict(SQLException conflict) throws SQLException {
        if (!retries.afterConflict(SqlErrors.message(conflict))) {
            throw conflict;
        }
    }

    /**
     * Opens another session in place of a lost one, and has the server end the lost one. Blocks.
     *
     * @param then what follows, for the log
     * @throws SQLException when it was lost too often or for too long, or the lost one could not be ended
     */
    void replace(SQLException loss, String then) throws SQLException {
        SessionMark lost = mark;
        SQLException cause = loss;
        while (true) {
            session.close();
            if (!retries.afterLoss(
                    "the connection to the target was lost (" + SqlErrors.message(cause) + "), " + then)) {
                throw cause;
            }
            try {
                connect();
            } catch (TransvaseException e) {
                cause.addSuppressed(e);
                throw cause;
            }
            try {
                ending.end(lost, jdbc());
                return;
            } catch (SQLException e) {
                if (!SqlErrors.isRetryable(e)) {
                    throw e;
                }
                cause = e;
            }
        }
    }

    boolean isCancelled() {
        return cancelled.getCount() == 0;
    }

    void requireNotCancelled(Throwable cause) {
        if (isCancelled()) {
            throw TransvaseException.of(CANCELLED, "writing was cancelled", cause);
        }
    }

    /** Makes the current operation and all later ones fail soon. Called from any thread, perhaps more than once. */
    void cancel() {
        cancelled.countDown();
        commits.betweenCommits(() -> session.cancel());
    }

    /** Rolls back what is not committed, and disconnects. Does not fail. */
    void close(Rollback rollback) {
        try {
            // The server would do so too, but only once it has noticed that the session is over.
            if (!jdbc().isClosed()) {
                rollback.run();
            }
        } catch (SQLException e) {
            log.debug("rolling back what was not committed; the server does so at the end of the session", e);
        } finally {
            session.close();
        }
    }
}
