package dev.transvase.postgresql.retry;

import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * How long to wait before what has failed is tried again, and when to give it up. The time doubles with each failure, up to a longest
 * one. A wait is by chance between half of it and all, so that those who failed together do not come back together. Never blocks: for
 * the wait itself see {@link Pause}. Not safe for use by several threads.
 */
public final class Backoff {

    private static final Duration ENDLESS = Duration.ofNanos(Long.MAX_VALUE);

    private final int most;
    private final long patienceNanos;
    private final LongSupplier nanos;
    private final long firstNanos;
    private final long longestNanos;
    private final RandomGenerator random;

    private int failures;

    /** When that began to fail which has not worked since; of no meaning without failures. */
    private long sinceNanos;

    private long leftNanos;

    Backoff(int most, Duration patience, LongSupplier nanos, Duration first, Duration longest, RandomGenerator random) {
        this.most = most;
        this.patienceNanos = patience.toNanos();
        this.nanos = nanos;
        this.firstNanos = first.toNanos();
        this.longestNanos = longest.toNanos();
        this.random = random;
        this.leftNanos = patienceNanos;
    }

    /** Gives up after this many waits, however long they take. */
    public static Backoff times(int most, Duration first, Duration longest) {
        return new Backoff(most, ENDLESS, System::nanoTime, first, longest, new SplittableRandom());
    }

    /**
     * Gives up when it has failed for this long. The last wait is cut off so that one more attempt is made at the end.
     *
     * @param patience counted from the first failure; zero: the first failure is the last
     * @param nanos a clock in nanoseconds, such as {@link System#nanoTime}
     */
    public static Backoff within(Duration patience, LongSupplier nanos, Duration first, Duration longest) {
        return new Backoff(Integer.MAX_VALUE, patience, nanos, first, longest, new SplittableRandom());
    }

    /** Never gives up. */
    public static Backoff endless(Duration first, Duration longest) {
        return times(Integer.MAX_VALUE, first, longest);
    }

    /**
     * It was tried and has failed.
     *
     * @return how long to wait before the next attempt; empty when it is given up
     */
    public Optional<Duration> failed() {
        long now = nanos.getAsLong();
        if (failures == 0) {
            sinceNanos = now;
        }
        leftNanos = patienceNanos - (now - sinceNanos);
        if (failures == most || leftNanos <= 0) {
            return Optional.empty();
        }
        long time = firstNanos;
        for (int i = 0; i < failures && time < longestNanos; i++) {
            time *= 2;
        }
        time = Math.min(time, longestNanos);
        failures++;
        return Optional.of(Duration.ofNanos(Math.min(leftNanos, random.nextLong(time / 2, time + 1))));
    }

    /** It has worked: the next failure is the first again. */
    public void worked() {
        failures = 0;
    }

    /** How many waits there were since it worked last. */
    public int failures() {
        return failures;
    }

    /** How much time was left at the last failure, the wait after it included. */
    public Duration left() {
        return Duration.ofNanos(leftNanos);
    }
}
