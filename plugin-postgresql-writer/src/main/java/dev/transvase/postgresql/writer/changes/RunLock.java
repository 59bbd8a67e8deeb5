package dev.transvase.postgresql.writer.changes;

import static dev.transvase.postgresql.writer.error.WriterErrors.NO_SHA_256;
import static dev.transvase.postgresql.writer.error.WriterErrors.STREAM_IN_USE;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.retry.Backoff;
import dev.transvase.postgresql.retry.Pause;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second run of a job from applying the same stream: an advisory lock, over a connection of its own that is open as
 * long as the run. That nothing is applied twice does not hang on it, since each transaction checks the stored position; it
 * makes the second run fail at its start, with a clear message. Safe for use by several threads.
 */
final class RunLock implements AutoCloseable {

    /** How often it is tried again: a session whose client was killed takes a moment to end. */
    private static final int ATTEMPTS = 5;

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(800);

    private static final String HOLDER = "SELECT l.pid, a.application_name, coalesce(a.client_addr::pg_catalog.text,"
            + " 'the server itself'), a.backend_start FROM pg_catalog.pg_locks l LEFT JOIN"
            + " pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted"
            + " AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"
            + " AND (l.classid::pg_catalog.int8 << 32) | l.objid::pg_catalog.int8 = ? AND l.objsubid = 1";

    private static final Logger log = LoggerFactory.getLogger(RunLock.class);

    private final Supplier<PostgresSession> connect;
    private final long key;
    private final String stream;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final Pause pause = Pause.until(cancelled);

    /** Guarded by this; {@code null} before it was taken, and after it was let go. */
    private PostgresSession session;

    RunLock(Supplier<PostgresSession> connect, TableName positions, String split) {
        this.connect = connect;
        this.key = key(positions + "\0" + split);
        this.stream = split;
    }

    private static long key(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw TransvaseException.of(NO_SHA_256, "this Java has no SHA-256", e);
        }
    }

    /**
     * Takes it if it is not held, or not any more.
     *
     * @throws TransvaseException with code {@code STREAM_IN_USE} when another run has it
     */
    synchronized void hold() {
        if (session != null && alive()) {
            return;
        }
        close();
        session = connect.get();
        try {
            Backoff backoff = Backoff.times(ATTEMPTS, SHORTEST_PAUSE, LONGEST_PAUSE);
            while (!tryLock()) {
                Optional<Duration> wait = backoff.failed();
                if (wait.isEmpty()) {
                    throw TransvaseException.of(STREAM_IN_USE, inUse(), null);
                }
                pause.pause(wait.get(), "writing");
            }
        } catch (SQLException e) {
            close();
            throw SqlErrors.translate(e, "taking the lock of the stream " + stream);
        } catch (TransvaseException e) {
            close();
            throw e;
        }
    }

    private boolean alive() {
        try (Statement statement = session.jdbc().createStatement()) {
            return statement.execute("SELECT 1");
        } catch (SQLException e) {
            log.debug("the connection that holds the lock was lost; taking it again", e);
            return false;
        }
    }

    private boolean tryLock() throws SQLException {
        try (PreparedStatement statement =
                session.jdbc().prepareStatement("SELECT pg_catalog.pg_try_advisory_lock(?)")) {
            statement.setLong(1, key);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private String inUse() throws SQLException {
        String holder = "";
        try (PreparedStatement statement = session.jdbc().prepareStatement(HOLDER)) {
            statement.setLong(1, key);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    holder = ": process " + row.getInt(1) + " of the target's server, \"" + row.getString(2)
                            + "\" from " + row.getString(3) + ", connected since " + row.getString(4);
                }
            }
        }
        return "another run already applies the changes of " + stream + holder
                + "; stop it first, or end its session if its client is gone";
    }

    /** Ends a wait for it. Called from any thread. */
    void cancel() {
        cancelled.countDown();
    }

    @Override
    public synchronized void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
