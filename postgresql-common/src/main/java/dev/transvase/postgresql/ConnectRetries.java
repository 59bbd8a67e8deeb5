package dev.transvase.postgresql;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a session again while its server has no time or no room for it. A server that refuses, or a host that is not there, is more
 * likely a mistake in the data source, and ends this at once. Pauses grow, and are by chance, so that jobs which started together do
 * not come back together.
 */
final class ConnectRetries {

    private static final int FIRST_PAUSE_MILLIS = 500;
    private static final int LONGEST_PAUSE_MILLIS = 5000;

    private static final Logger log = LoggerFactory.getLogger(ConnectRetries.class);

    private final int seconds;
    private final LongSupplier nanos;
    private final Pause pause;

    /** Lets time pass. */
    @FunctionalInterface
    interface Pause {
        void pause(long millis) throws InterruptedException;
    }

    /**
     * @param seconds for how long, counted from the first failure; zero: not at all
     * @param nanos a clock
     */
    ConnectRetries(int seconds, LongSupplier nanos, Pause pause) {
        this.seconds = seconds;
        this.nanos = nanos;
        this.pause = pause;
    }

    static ConnectRetries of(PostgresDataSource source) {
        return new ConnectRetries(source.connectRetrySeconds(), System::nanoTime, TimeUnit.MILLISECONDS::sleep);
    }

    /**
     * Opens it. Blocks for as long as it takes.
     *
     * @param notices is told why it takes longer
     * @throws TransvaseException when it fails for another reason, or for too long
     */
    PostgresSession open(Supplier<PostgresSession> opening, Notices notices) {
        long since = 0;
        long longest = FIRST_PAUSE_MILLIS;
        for (int failures = 0; ; failures++) {
            try {
                return opening.get();
            } catch (TransvaseException e) {
                long now = nanos.getAsLong();
                since = failures == 0 ? now : since;
                long leftMillis = TimeUnit.SECONDS.toMillis(seconds) - TimeUnit.NANOSECONDS.toMillis(now - since);
                if (!SqlErrors.isPassingAtFirst(e) || leftMillis <= 0) {
                    throw failures == 0 ? e : tried(e);
                }
                if (failures == 0) {
                    notices.warn(e.getMessage() + "; trying again for up to " + seconds + " s");
                }
                long millis = Math.min(leftMillis, ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
                log.info("{}; trying again in {} ms, giving up in {} ms", e.getMessage(), millis, leftMillis);
                pause(millis, e);
                longest = Math.min(LONGEST_PAUSE_MILLIS, 2 * longest);
            }
        }
    }

    private TransvaseException tried(TransvaseException last) {
        return new TransvaseException(
                last.type(),
                last.code(),
                last.getMessage() + " (tried again for " + seconds + " s, the data source's connectRetrySeconds)",
                last);
    }

    private void pause(long millis, TransvaseException failure) {
        try {
            pause.pause(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TransvaseException.external("CANCELLED", "connecting was cancelled", failure);
        }
    }
}
