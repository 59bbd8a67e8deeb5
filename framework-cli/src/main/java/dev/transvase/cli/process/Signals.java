package dev.transvase.cli.process;

import java.util.OptionalInt;

/** What tells a command from outside that it is to end. */
@FunctionalInterface
public interface Signals {

    /** Registers a listener; returns what removes it. */
    Runnable listen(Listener listener);

    /** The listener. */
    @FunctionalInterface
    interface Listener {

        /**
         * Ends what is going on. Called once at most, by a thread of whoever sends the signal; returns when all has ended.
         *
         * @return the exit code that the process is to have, if it is not the signal's own
         */
        OptionalInt signalled();

        /**
         * Reports that the process ends at once although nobody has asked the command to end: not by its own will, and not in order.
         * Called once at most, perhaps after the command has ended; must not wait for threads of plugins.
         *
         * @param by what has ended it, for people
         */
        default void cutOff(String by) {}
    }
}
