package dev.transvase.postgresql.writer.session;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often, and for how long, one channel tries again what failed for a reason that may pass. Pauses grow, and are by
 * chance, so that two that stood in each other's way do not meet again. Each commit starts the count anew.
 */
public final class Retries {

    /** How often the same records are written again after a conflict, and as often after a loss of the connection. */
    static final int MOST = 10;

    private static final int CONFLICT_MILLIS = 10;
    private static final int CONFLICT_DOUBLINGS = 6;
    private static final int LOSS_MILLIS = 100;
    private static final int LONGEST_MILLIS = 5000;

    private static final Logger log = LoggerFactory.getLogger(Retries.class);

    private final long most;
    private final LongSupplier nanos;
    private final Pause pause;

    private int conflicts;
    private int losses;

    /** Pauses since {@link #since}. */
    private int pauses;

    /** When that began to fail which has not worked since; of no meaning without pauses. */
    private long since;

    /** Lets time pass. */
    @FunctionalInterface
    interface Pause {

        /**
         * Returns when that much time has passed.
         *
         * @throws dev.transvase.spi.error.TransvaseException when it was cancelled, before or meanwhile
         */
        void pause(long millis);
    }

    /**
     * @param most how long to try again after the connection was lost, or could not be made; zero: not at all
     * @param nanos a clock
     */
    public Retries(Duration most, LongSupplier nanos, Pause pause) {
        this.most = most.toNanos();
        this.nanos = nanos;
        this.pause = pause;
    }

    /** Whether a lost connection is replaced. */
    boolean on() {
        return most > 0;
    }

    /** Something has become durable. */
    void progress() {
        conflicts = 0;
        losses = 0;
        pauses = 0;
    }

    /** Lets another transaction pass that ours was in conflict with; false when there were too many conflicts. */
    boolean afterConflict(String conflict) {
        if (conflicts == MOST) {
            return false;
        }
        conflicts++;
        int longest = CONFLICT_MILLIS << Math.min(conflicts, CONFLICT_DOUBLINGS);
        long millis = ThreadLocalRandom.current().nextInt(CONFLICT_MILLIS, longest + 1);
        log.info("{}; rolled back, trying again in {} ms ({} of {})", conflict, millis, conflicts, MOST);
        pause.pause(millis);
        return true;
    }

    /** Waits before the connection is made anew that was lost; false when it has been lost too often, or for too long. */
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
        if (pauses == 0) {
            since = nanos.getAsLong();
        }
        long left = TimeUnit.NANOSECONDS.toMillis(most - (nanos.getAsLong() - since));
        if (left <= 0) {
            return false;
        }
        long longest = Math.min(LONGEST_MILLIS, (long) LOSS_MILLIS << Math.min(pauses, 16));
        long millis = Math.min(left, ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
        pauses++;
        log.warn(
                "{}; trying again in {} ms, giving up in {} s", problem, millis, TimeUnit.MILLISECONDS.toSeconds(left));
        pause.pause(millis);
        return true;
    }
}
