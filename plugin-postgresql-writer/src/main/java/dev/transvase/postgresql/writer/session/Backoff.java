package dev.transvase.postgresql.writer.session;

import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.spi.error.TransvaseException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Pauses between attempts, which a cancellation ends. */
public final class Backoff implements Retries.Pause {

    private final CountDownLatch cancelled;

    /** @param cancelled ends a pause */
    public Backoff(CountDownLatch cancelled) {
        this.cancelled = cancelled;
    }

    @Override
    public void pause(long millis) {
        try {
            if (!cancelled.await(millis, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw TransvaseException.of(CANCELLED, "writing was cancelled", null);
    }
}
