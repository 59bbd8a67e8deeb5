package dev.sluice.core.run;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a channel's writer is told to flush before its end: when nothing came for a while, and when the oldest record that
 * was written has waited long. Else a slow or throttled job would keep a transaction, and its locks, open for as long.
 */
final class FlushSchedule {

    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(5);

    private final Ticker ticker;
    private boolean pending;
    private long oldest;

    FlushSchedule(Ticker ticker) {
        this.ticker = ticker;
    }

    /** How long to wait for the next records before asking {@link #due}. */
    Duration patience() {
        return IDLE;
    }

    /** Records were written. */
    void written() {
        if (!pending) {
            pending = true;
            oldest = ticker.nanos();
        }
    }

    /** Whether to flush now. */
    boolean due(boolean idle) {
        return pending && (idle || ticker.nanos() - oldest >= LONGEST_WAIT);
    }

    /** A flush has returned. */
    void flushed() {
        pending = false;
    }
}
