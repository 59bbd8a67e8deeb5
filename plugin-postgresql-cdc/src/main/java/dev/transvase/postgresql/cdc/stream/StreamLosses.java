package dev.transvase.postgresql.cdc.stream;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often, and for how long, a lost stream is taken up again. What counts is the time since it last was well: it has come
 * forward, or the server was heard of for a while. Pauses grow until it is. Used by one thread.
 */
final class StreamLosses {

    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** A connection that is lost sooner, with nothing to show for it, is as bad as none. */
    static final Duration WELL = Duration.ofSeconds(10);

    private final Duration patience;
    private final LongSupplier nanos;
    private boolean unwell;
    private long since;
    private Duration pause = FIRST_PAUSE;

    /**
     * @param patience how long a stream that is not well is tried again
     * @param nanos a clock
     */
    StreamLosses(Duration patience, LongSupplier nanos) {
        this.patience = patience;
        this.nanos = nanos;
    }

    /**
     * The stream was lost, or could not be taken up.
     *
     * @param forward whether it had come forward since the last time
     * @param heard for how long the server had been heard of
     * @return how long to wait before the next attempt; empty when it is given up
     */
    Optional<Duration> lost(boolean forward, Duration heard) {
        long now = nanos.getAsLong();
        if (!unwell || forward || heard.compareTo(WELL) >= 0) {
            unwell = true;
            since = now;
            pause = FIRST_PAUSE;
        } else {
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        }
        return now - since >= patience.toNanos() ? Optional.empty() : Optional.of(pause);
    }
}
