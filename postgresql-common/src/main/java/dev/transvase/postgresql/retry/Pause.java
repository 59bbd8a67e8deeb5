package dev.transvase.postgresql.retry;

import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.spi.error.TransvaseException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets time pass between two attempts or looks. All waits that nothing else ends go through one of these, so that none holds up a
 * job that is stopped. Tests have one of their own, which does not wait. Safe for use by several threads.
 */
@FunctionalInterface
public interface Pause {

    /**
     * Blocks for this long. A cancellation or an interruption of the thread ends it at once, also one from before.
     *
     * @return whether all of the time has passed; false after a cancellation, and after an interruption, which the thread then still
     *     has as its state
     */
    boolean pause(Duration length);

    /**
     * As {@link #pause(Duration)}, for what cannot go on when it is cut short.
     *
     * @param doing what is cancelled then, the start of the message, for example {@code connecting}
     * @throws TransvaseException with code {@code CANCELLED} when not all of the time has passed
     */
    default void pause(Duration length, String doing) {
        if (!pause(length)) {
            throw TransvaseException.of(CANCELLED, doing + " was cancelled", null);
        }
    }

    /** One that is cancelled when this is counted down. */
    static Pause until(CountDownLatch cancelled) {
        return length -> {
            try {
                return !cancelled.await(length.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        };
    }

    /** One that only an interruption of the thread ends. */
    static Pause interruptible() {
        return until(new CountDownLatch(1));
    }
}
