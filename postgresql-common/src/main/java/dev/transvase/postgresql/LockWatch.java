package dev.transvase.postgresql;

import dev.transvase.postgresql.socket.WatchedSocket;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.Notices.Waiting;
import dev.transvase.spi.error.TransvaseException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whom a session waits for when it waits for a lock, and ends it when that takes too long. When the session's thread has
 * waited for the server for a moment, a connection of its own asks why; it stays open only for as long as there is a lock to wait
 * for. A statement that just takes its time is asked after less and less often.
 */
final class LockWatch implements SessionWatch.Look {

    private static final Logger log = LoggerFactory.getLogger(LockWatch.class);

    /** After this time a wait is reported, and checked again. */
    private static final long MOMENT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final PostgresDataSource source;
    private final Backend backend;
    private final WatchedSocket socket;
    private final Notices notices;
    private final Consumer<String> giveUp;

    /** How long a lock is waited for; set by the session's thread. */
    private volatile long limitNanos;

    /** The wait for the server that was looked at last: when that was, and for how long it had gone on. */
    private long lookedAt;

    private long pause = MOMENT_NANOS;

    /** Null while no lock is known to be waited for. */
    private PostgresSession asking;

    private Waiting reported;
    private long waitsSince;

    /**
     * @param notices is reported
     * @param atMost how long a lock is waited for; empty: without end
     * @param giveUp ends the session for the reason that it gets
     */
    LockWatch(
            PostgresDataSource source,
            Backend backend,
            WatchedSocket socket,
            Notices notices,
            Optional<Duration> atMost,
            Consumer<String> giveUp) {
        this.source = source;
        this.backend = backend;
        this.socket = socket;
        this.notices = notices;
        this.limitNanos = atMost.map(Duration::toNanos).orElse(Long.MAX_VALUE);
        this.giveUp = giveUp;
    }

    /** From here on there is no limit. Called from any thread. */
    void liftLimit() {
        limitNanos = Long.MAX_VALUE;
    }

    private long moment() {
        return Math.min(MOMENT_NANOS, limitNanos);
    }

    @Override
    public long firstNanos() {
        return moment();
    }

    @Override
    public long look() {
        long quiet = socket.quietNanos();
        long now = System.nanoTime();
        boolean another = quiet < now - lookedAt;
        lookedAt = now;
        if (quiet < moment()) {
            goOn();
            return moment() - quiet;
        }
        if (another) {
            goOn();
        }
        Optional<String> wanted = ask();
        if (wanted.isEmpty()) {
            long next = another ? MOMENT_NANOS : Math.min(LONGEST_PAUSE_NANOS, 2 * pause);
            goOn();
            pause = next;
            return next;
        }
        tell(wanted.get(), another ? now - quiet : now);
        long left = limitNanos - (System.nanoTime() - waitsSince);
        if (left <= 0 && socket.quietNanos() >= moment()) {
            giveUp.accept("waited " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - waitsSince) + " s for "
                    + wanted.get());
            goOn();
            return NO_MORE;
        }
        return Math.max(1, Math.min(MOMENT_NANOS, left));
    }

    private void tell(String wanted, long since) {
        if (reported == null) {
            waitsSince = since;
            reported = notices.waiting(wanted, Duration.ofNanos(System.nanoTime() - since));
        } else {
            reported.now(wanted);
        }
    }

    /** No lock is waited for, as far as is known. */
    private void goOn() {
        pause = MOMENT_NANOS;
        if (reported != null) {
            reported.close();
            reported = null;
        }
        if (asking != null) {
            asking.close();
            asking = null;
        }
    }

    /** Empty also when nobody could be asked. */
    private Optional<String> ask() {
        try {
            if (asking == null) {
                asking = PostgresSession.openToAsk(source);
                if (!backend.isAtServerOf(asking)) {
                    return Optional.empty();
                }
            }
            try (Statement statement = asking.jdbc().createStatement()) {
                return Blockers.of(statement, backend.pid());
            }
        } catch (SQLException | TransvaseException e) {
            log.debug("what process {} waits for could not be asked", backend.pid(), e);
            return Optional.empty();
        }
    }

    @Override
    public void end() {
        goOn();
    }
}
