package dev.transvase.postgresql.cdc.stream;

import dev.transvase.postgresql.retry.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often, and for how long, a lost stream is taken up again. What counts is the time since it last was well: it has come
 * forward, or the server was heard of for a while. Used by one thread.
 */
final class StreamLosses {

    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** A connection that is lost sooner, with nothing to show for it, is as bad as none. */
    static final Duration WELL = Duration.ofSeconds(10);

    private final Backoff backoff;

    /**
     * @param patience how long a stream that is not well is tried again
     * @param nanos a clock
     */
    StreamLosses(Duration patience, LongSupplier nanos) {
        this.backoff = Backoff.within(patience, nanos, FIRST_PAUSE, LONGEST_PAUSE);
    }

    /**
     * The stream was lost, or could not be taken up.
     *
     * @param forward whether it had come forward since the last time
     * @param heard for how long the server had been heard of
     * @return how long to wait before the next attempt; empty when it is given up
     */
    Optional<Duration> lost(boolean forward, Duration heard) {
        if (forward || heard.compareTo(WELL) >= 0) {
            backoff.worked();
        }
        return backoff.failed();
    }
}
