package dev.transvase.postgresql;

import dev.transvase.postgresql.retry.Backoff;
import dev.transvase.postgresql.retry.Pause;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a session again while its server has no time or no room for it. A server that refuses, or a host that is not there, is more
 * likely a mistake in the data source, and ends this at once.
 */
final class ConnectRetries {

    private static final Duration SHORTEST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(ConnectRetries.class);

    private final int seconds;
    private final LongSupplier nanos;
    private final Pause pause;

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
        return new ConnectRetries(source.connectRetrySeconds(), System::nanoTime, Pause.interruptible());
    }

    /**
     * Opens it. Blocks for as long as it takes.
     *
     * @param notices receives why it takes longer
     * @throws TransvaseException when it fails for another reason, or for too long
     */
    PostgresSession open(Supplier<PostgresSession> opening, Notices notices) {
        Backoff backoff = Backoff.within(Duration.ofSeconds(seconds), nanos, SHORTEST, LONGEST);
        while (true) {
            try {
                return opening.get();
            } catch (TransvaseException e) {
                boolean first = backoff.failures() == 0;
                Optional<Duration> wait = SqlErrors.isPassingAtFirst(e) ? backoff.failed() : Optional.empty();
                if (wait.isEmpty()) {
                    throw first ? e : tried(e);
                }
                if (first) {
                    notices.warn(e.getMessage() + "; retrying for up to " + seconds + " s");
                }
                log.info(
                        "{}; retrying in {} ms, giving up in {} ms",
                        e.getMessage(),
                        wait.get().toMillis(),
                        backoff.left().toMillis());
                pause.pause(wait.get(), "connecting");
            }
        }
    }

    private TransvaseException tried(TransvaseException last) {
        return last.reworded(
                last.getMessage() + " (retried for " + seconds + " s, the data source's connectRetrySeconds)");
    }
}
