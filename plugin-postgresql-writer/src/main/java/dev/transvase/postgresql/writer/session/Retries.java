package dev.transvase.postgresql.writer.session;

import dev.transvase.postgresql.retry.Backoff;
import dev.transvase.postgresql.retry.Pause;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often, and for how long, one channel retries what failed for a transient reason. Each commit resets the count.
 */
public final class Retries {

    /** How often the same records are written again after a conflict, and as often after a loss of the connection. */
    static final int MOST = 10;

    private static final Duration CONFLICT_SHORTEST = Duration.ofMillis(20);
    private static final Duration CONFLICT_LONGEST = Duration.ofMillis(640);
    private static final Duration LOSS_SHORTEST = Duration.ofMillis(100);
    private static final Duration LOSS_LONGEST = Duration.ofSeconds(5);
    private static final String WRITING = "writing";

    private static final Logger log = LoggerFactory.getLogger(Retries.class);

    private final boolean on;
    private final Backoff conflicts = Backoff.times(MOST, CONFLICT_SHORTEST, CONFLICT_LONGEST);
    private final Backoff failures;
    private final Pause pause;

    private int losses;

    /**
     * @param most how long to try again after the connection was lost, or could not be made; zero: not at all
     * @param nanos a clock
     * @param pause waits between two attempts; when it is cut short writing is cancelled
     */
    public Retries(Duration most, LongSupplier nanos, Pause pause) {
        this.on = !most.isZero();
        this.failures = Backoff.within(most, nanos, LOSS_SHORTEST, LOSS_LONGEST);
        this.pause = pause;
    }

    /** Whether a lost connection is replaced. */
    boolean on() {
        return on;
    }

    /** Something has become durable. */
    void progress() {
        conflicts.worked();
        failures.worked();
        losses = 0;
    }

    /** Lets another transaction pass that ours was in conflict with; false when there were too many conflicts. */
    boolean afterConflict(String conflict) {
        Optional<Duration> wait = conflicts.failed();
        if (wait.isEmpty()) {
            return false;
        }
        log.info(
                "{}; rolled back, retrying in {} ms ({} of {})",
                conflict,
                wait.get().toMillis(),
                conflicts.failures(),
                MOST);
        pause.pause(wait.get(), WRITING);
        return true;
    }

    /** Waits before the connection is recreated that was lost; false when it has been lost too often, or for too long. */
    boolean afterLoss(String loss) {
        if (losses == MOST) {
            return false;
        }
        losses++;
        return again(loss);
    }

    /** Opens a session, again and again while the server is away or has no room. */
    public void untilThere(Runnable opening) {
        while (true) {
            try {
                opening.run();
                return;
            } catch (TransvaseException e) {
                if (!SqlErrors.isPassing(e) || !again(e.getMessage())) {
                    throw e;
                }
            }
        }
    }

    /** Waits before that is tried once more which has not worked; false when it has not for too long. */
    public boolean again(String problem) {
        Optional<Duration> wait = failures.failed();
        if (wait.isEmpty()) {
            return false;
        }
        log.warn(
                "{}; retrying in {} ms, giving up in {} s",
                problem,
                wait.get().toMillis(),
                failures.left().toSeconds());
        pause.pause(wait.get(), WRITING);
        return true;
    }
}
