package dev.sluice.postgresql.writer;

import dev.sluice.spi.SluiceException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Pauses between attempts: longer each time, by chance, so that two that stood in each other's way do not meet again. */
final class Backoff {

    private static final int SHORTEST_MILLIS = 10;
    private static final int DOUBLINGS = 6;

    private final CountDownLatch cancelled;

    /** @param cancelled ends a pause */
    Backoff(CountDownLatch cancelled) {
        this.cancelled = cancelled;
    }

    /**
     * Returns after a while.
     *
     * @param attempt how many there were, from 1
     * @throws SluiceException when it was cancelled
     */
    void pause(int attempt) {
        int most = SHORTEST_MILLIS << Math.min(attempt, DOUBLINGS);
        try {
            if (!cancelled.await(
                    ThreadLocalRandom.current().nextInt(SHORTEST_MILLIS, most + 1), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw SluiceException.external("CANCELLED", "writing was cancelled", null);
    }
}
