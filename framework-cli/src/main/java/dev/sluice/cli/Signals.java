package dev.sluice.cli;

import java.util.OptionalInt;

/** What tells a command from outside that it is to end. */
@FunctionalInterface
interface Signals {

    /** Has somebody told; gives what stops that. */
    Runnable listen(Listener listener);

    /** Who is told. */
    @FunctionalInterface
    interface Listener {

        /**
         * Ends what is going on. Called once at most, by a thread of whoever sends the signal; returns when all has ended.
         *
         * @return the exit code that the process is to have, if it is not the signal's own
         */
        OptionalInt signalled();
    }
}
