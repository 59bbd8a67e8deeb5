package dev.transvase.postgresql.writer.session;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The session that changes are applied over; a lost one is replaced. What became of a commit that was cut off it does not ask:
 * the stored position tells. Used by one thread, except for {@link #cancel}.
 */
public final class ApplySession implements AutoCloseable {

    private static final int FIRST_WITH_JIT = 11;
    private static final int FIRST_WITH_PLAN_CACHE_MODE = 12;

    private final ReplaceableSession session;

    /**
     * Connects.
     *
     * @param connect makes a session that is ready for use
     * @param patience how long to try again when a connection cannot be made, or is lost; zero: not at all
     */
    public ApplySession(Supplier<PostgresSession> connect, Duration patience) {
        this.session = new ReplaceableSession(
                connect, ApplySession::prepare, ApplySession::end, "apply changes with", patience);
        session.connect();
        session.retries().progress();
    }

    private static void prepare(PostgresSession opened) throws SQLException {
        settle(opened);
        opened.jdbc().setAutoCommit(false);
    }

    /** In a transaction of its own, as the new session is not in auto-commit mode. */
    private static void end(SessionMark lost, Connection connection) throws SQLException {
        lost.end(connection);
        connection.commit();
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
        return session.current();
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
        session.commit();
    }

    /** Something has become durable. */
    public void progress() {
        session.retries().progress();
    }

    /** Rolls the current transaction back. With a connection that is lost that has happened already. */
    public void rollback() throws SQLException {
        session.rollback(() -> jdbc().rollback());
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
            rollback();
            session.afterConflict(error);
            return false;
        }
        if (!SqlErrors.isRetryable(error) || !session.retries().on()) {
            throw error;
        }
        session.replace(error, "applying uncommitted changes again");
        return true;
    }

    public void requireNotCancelled(Throwable cause) {
        session.requireNotCancelled(cause);
    }

    /** Makes what is under way, and all later, fail soon. Called from any thread, perhaps more than once. */
    public void cancel() {
        session.cancel();
    }

    /** Rolls back what is not committed, and disconnects. Does not fail. */
    @Override
    public void close() {
        session.close(this::rollback);
    }
}
