package dev.transvase.core.run;

import java.time.Duration;

/**
 * When a channel's writer has to flush before its end: when nothing came for a while, and when the oldest record that
 * was written has waited long. Else a slow or throttled job would keep a transaction, and its locks, open for as long.
 */
final class FlushSchedule {

    private static final Duration IDLE = Duration.ofSeconds(1);

    private final Ticker ticker;
    private final Duration idle;
    private final long longestWait;
    private boolean pending;
    private long oldest;

    private FlushSchedule(Ticker ticker, Duration idle, Duration longestWait) {
        this.ticker = ticker;
        this.idle = idle;
        this.longestWait = longestWait.toNanos();
    }

    /** For records that somebody waits for at their end. */
    static FlushSchedule ofBatch(Ticker ticker) {
        return new FlushSchedule(ticker, IDLE, Duration.ofSeconds(5));
    }

    /** For changes that somebody waits for now: as soon as there is nothing else to do. */
    static FlushSchedule ofChanges(Ticker ticker) {
        return new FlushSchedule(ticker, Duration.ZERO, Duration.ofSeconds(1));
    }

    /** How long to wait for the next records before asking {@link #due}. */
    Duration patience() {
        return pending ? idle : IDLE;
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
        return pending && (idle || ticker.nanos() - oldest >= longestWait);
    }

    /** A flush has returned. */
    void flushed() {
        pending = false;
    }
}
