package dev.transvase.postgresql.cdc.stream;

import static dev.transvase.postgresql.error.PostgresErrors.SERVER_NOT_READY;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.source.SourceState;
import dev.transvase.spi.Lag;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures how far the target is behind a stream's source: a thread of its own asks the server every few seconds where its log is,
 * and has the source watched. A server that does not answer leaves the figure as it was.
 */
public final class SourceLag implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SourceLag.class);
    private static final long INTERVAL_MILLIS = 2000;
    private static final long SOON_MILLIS = 200;
    private static final long CLOSE_MILLIS = 2000;
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final PostgresDataSource dataSource;
    private final String applicationName;
    private final Clock clock;
    private final SourceWatch watch;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread measuring;

    /** Touched by the measuring thread, but for its closing. */
    private volatile PostgresSession session;

    private volatile Lsn current = Lsn.NONE;

    private SourceLag(PostgresDataSource dataSource, String applicationName, Clock clock, SourceWatch watch) {
        this.dataSource = dataSource;
        this.applicationName = applicationName;
        this.clock = clock;
        this.watch = watch;
        measuring = new Thread(this::run, "cdc lag");
        measuring.setDaemon(true);
    }

    /**
     * Starts to measure, on a thread of its own that {@link #close} ends.
     *
     * @param watch looks at the source over the same session
     */
    public static SourceLag start(
            PostgresDataSource dataSource, String applicationName, Clock clock, SourceWatch watch) {
        SourceLag lag = new SourceLag(dataSource, applicationName, clock, watch);
        lag.measuring.start();
        return lag;
    }

    private void run() {
        try {
            boolean reached;
            boolean before = false;
            long pause;
            do {
                reached = measure();
                // Its session may have ended because the server is shut down, which waits for the stream.
                pause = reached || !before ? INTERVAL_MILLIS : SOON_MILLIS;
                before = reached;
            } while (!closed.await(pause, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // being asked to end is not a failure
        } finally {
            release();
        }
    }

    /** Returns false when the server was not reached. */
    private boolean measure() {
        try {
            if (session == null) {
                session = PostgresSession.openToWork(dataSource, applicationName, Notices.NONE);
                try (Statement statement = session.jdbc().createStatement()) {
                    // Whoever changes a table must not keep it from learning where the log is.
                    statement.execute("SET lock_timeout = '2s'");
                }
            }
            current = SourceState.current(session);
            watch.look(session);
            return true;
        } catch (SQLException | TransvaseException e) {
            log.debug("the source was not reached to measure the lag and check for changes", e);
            notReached(e);
            if (e instanceof TransvaseException failure && failure.is(SERVER_NOT_READY)) {
                watch.notReady(failure);
            }
            return false;
        } catch (RuntimeException e) {
            // Without this thread nothing would be confirmed to the source any more.
            log.warn("checking the source failed; retrying", e);
            notReached(e);
            return false;
        }
    }

    private void notReached(Exception e) {
        release();
        watch.notSeen(e);
    }

    private void release() {
        PostgresSession left = session;
        session = null;
        if (left != null) {
            left.close();
        }
    }

    /** The lag of a stream; empty while the server has not been asked yet. Called from any thread, does not block. */
    public Optional<Lag> of(StreamPump stream) {
        Duration lost = stream.lost();
        if (!lost.isZero()) {
            return Optional.of(Lag.unknown(lost));
        }
        Lsn now = current;
        if (now.equals(Lsn.NONE)) {
            return Optional.empty();
        }
        long bytes = now.bytesSince(stream.settled());
        long committedMicros = stream.settledMicros();
        Instant committed = EPOCH.plus(committedMicros, ChronoUnit.MICROS);
        Duration delay =
                bytes == 0 || committedMicros == 0 ? Duration.ZERO : Duration.between(committed, clock.instant());
        return Optional.of(Lag.of(bytes, delay.isNegative() ? Duration.ZERO : delay));
    }

    /**
     * Ends the measuring, and waits for its thread: the plugin's classes may be gone after this. A server that just then lets it
     * connect and says nothing holds that up for two seconds.
     */
    @Override
    public void close() {
        closed.countDown();
        PostgresSession left = session;
        if (left != null) {
            left.cancel();
        }
        try {
            measuring.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
