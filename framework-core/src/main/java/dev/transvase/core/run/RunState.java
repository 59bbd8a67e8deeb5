package dev.transvase.core.run;

import static dev.transvase.spi.error.CommonErrors.COMMIT_IN_DOUBT;

import dev.transvase.spi.error.TransvaseException;
import java.util.Optional;

/**
 * Whether a run continues, was asked to stop, or has failed; the first of the two wins, but a commit in doubt is reported in any
 * case, and before any other failure. Thread-safe. Whoever ends the run makes all channels end, once.
 */
final class RunState {

    private final Runnable cancelAll;
    private boolean ended;
    private boolean finishing;
    private Throwable failure;

    /** @param cancelAll makes all channels end; called at most once, on the thread that ended the run */
    RunState(Runnable cancelAll) {
        this.cancelAll = cancelAll;
    }

    /**
     * The run has failed. A failure that comes after the end is a consequence of it and kept with it, unless it is the first
     * commit in doubt: then it is the failure of the run, and the earlier one is kept with it.
     */
    void fail(Throwable cause) {
        synchronized (this) {
            if (ended) {
                if (inDoubt(cause) && !inDoubt(failure)) {
                    if (failure != null) {
                        cause.addSuppressed(failure);
                    }
                    failure = cause;
                } else if (failure != null && failure != cause) {
                    failure.addSuppressed(cause);
                }
                return;
            }
            ended = true;
            failure = cause;
        }
        cancelAll.run();
    }

    private static boolean inDoubt(Throwable cause) {
        return cause instanceof TransvaseException e && e.is(COMMIT_IN_DOUBT);
    }

    /** The run is to stop. */
    void stop() {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        cancelAll.run();
    }

    /** No more is to be read; what has been read is to be written. */
    synchronized void finish() {
        finishing = true;
    }

    /** Whether reading is to end, in order or at once. */
    synchronized boolean finishing() {
        return finishing || ended;
    }

    /** Whether it was asked to end, in order or at once. */
    synchronized boolean stopped() {
        return failure == null && (finishing || ended);
    }

    /** Whether it was stopped or has failed. */
    synchronized boolean ended() {
        return ended;
    }

    /** Why it has failed, if it has. */
    synchronized Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }
}
