package dev.transvase.postgresql.writer.session;

import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.retry.Pause;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session that changes are applied over; a lost one is replaced. What became of a commit that was cut off it does not ask:
 * the stored position tells. Used by one thread, except for {@link #cancel}.
 */
public final class ApplySession implements AutoCloseable {

    private static final int FIRST_WITH_JIT = 11;
    private static final int FIRST_WITH_PLAN_CACHE_MODE = 12;

    private static final Logger log = LoggerFactory.getLogger(ApplySession.class);

    private final Supplier<PostgresSession> connect;
    private final Retries retries;
    private final Commits commits = new Commits();
    private final CountDownLatch cancelled = new CountDownLatch(1);

    private volatile PostgresSession session;
    private SessionMark mark;

    /**
     * Connects.
     *
     * @param connect makes a session that is ready for use
     * @param patience how long to try again when a connection cannot be made, or is lost; zero: not at all
     */
    public ApplySession(Supplier<PostgresSession> connect, Duration patience) {
        this.connect = connect;
        this.retries = new Retries(patience, System::nanoTime, Pause.until(cancelled));
        connect();
        retries.progress();
    }

    private void connect() {
        retries.untilThere(() -> open(connect.get()));
    }

    private void open(PostgresSession opened) {
        session = opened;
        try {
            // Looked at after the session has become known: one of the two threads sees what the other did.
            requireNotCancelled(null);
            settle(opened);
            mark = SessionMark.of(opened.jdbc());
            opened.jdbc().setAutoCommit(false);
        } catch (SQLException e) {
            opened.close();
            throw SqlErrors.translate(e, "opening a connection to apply changes with");
        } catch (TransvaseException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Statements are planned for the tables as they are, not as they were when there was little in them; and they are not
     * compiled, which takes longer than to run them.
     */
    private static void settle(PostgresSession opened) throws SQLException {
        TextSettings.ALL.apply(opened);
        try (Statement statement = opened.jdbc().createStatement()) {
            if (opened.majorVersion() >= FIRST_WITH_JIT) {
                statement.execute("SET jit = off");
            }
            if (opened.majorVersion() >= FIRST_WITH_PLAN_CACHE_MODE) {
                statement.execute("SET plan_cache_mode = force_custom_plan");
            }
        }
    }

    public PostgresSession session() {
        return session;
    }

    public Connection jdbc() {
        return session.jdbc();
    }

    public void execute(String sql) throws SQLException {
        try (Statement statement = jdbc().createStatement()) {
            statement.execute(sql);
        }
    }

    /** As {@link Commits#commit}. */
    public void commit() throws SQLException {
        commits.commit(jdbc());
    }

    /** Something has become durable. */
    public void progress() {
        retries.progress();
    }

    /** Rolls the current transaction back. With a connection that is lost that has happened already. */
    public void rollback() throws SQLException {
        try {
            jdbc().rollback();
        } catch (SQLException e) {
            if (!SqlErrors.isConnectionLost(e)) {
                throw e;
            }
            log.debug("rolling back; the server has done so, as the connection is lost", e);
        }
    }

    /**
     * Makes ready for the current transaction to be done again: rolls back what was in conflict, replaces a session that was
     * lost.
     *
     * @return whether it is another session now
     * @throws SQLException when it is no error that could pass, there were too many of them, or no connection can be made
     */
    public boolean recover(SQLException error) throws SQLException {
        requireNotCancelled(error);
        if (SqlErrors.isConflict(error)) {
            // Before the pause: what is locked stays so until then, and others wait for it.
            rollback();
            if (!retries.afterConflict(SqlErrors.message(error))) {
                throw error;
            }
            return false;
        }
        if (!SqlErrors.isRetryable(error) || !retries.on()) {
            throw error;
        }
        replace(error);
        return true;
    }

    /** Opens another session, and sees that the server lets go of the lost one. */
    private void replace(SQLException loss) throws SQLException {
        SessionMark lost = mark;
        SQLException cause = loss;
        boolean replaced = false;
        while (!replaced) {
            session.close();
            String message = SqlErrors.message(cause);
            if (!retries.afterLoss(
                    "the connection to the target was lost (" + message + "), applying again what was not committed")) {
                throw cause;
            }
            try {
                connect();
            } catch (TransvaseException e) {
                cause.addSuppressed(e);
                throw cause;
            }
            try {
                lost.end(jdbc());
                jdbc().commit();
                replaced = true;
            } catch (SQLException e) {
                if (!SqlErrors.isRetryable(e)) {
                    throw e;
                }
                cause = e;
            }
        }
    }

    public void requireNotCancelled(Throwable cause) {
        if (cancelled.getCount() == 0) {
            throw TransvaseException.of(CANCELLED, "writing was cancelled", cause);
        }
    }

    /** Makes what is under way, and all later, fail soon. Called from any thread, perhaps more than once. */
    public void cancel() {
        cancelled.countDown();
        commits.betweenCommits(() -> session.cancel());
    }

    /** Rolls back what is not committed, and disconnects. Does not fail. */
    @Override
    public void close() {
        try {
            if (!jdbc().isClosed()) {
                rollback();
            }
        } catch (SQLException e) {
            log.debug("rolling back what was not committed; the server does so at the end of the session", e);
        } finally {
            session.close();
        }
    }
}
