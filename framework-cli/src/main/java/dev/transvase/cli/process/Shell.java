package dev.transvase.cli.process;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * Runs commands in this process as if they had been typed, for example {@code run job.json}, with the same output. At
 * most one of them at a time.
 */
public interface Shell {

    /**
     * Runs a command to its end, with the same answer to signals.
     *
     * @return its exit code
     */
    int run(List<String> arguments);

    /**
     * Begins a command in a thread of its own. A signal to this process does not reach it: whoever begins it ends it, by
     * {@link Background#terminate}.
     *
     * @param err takes its messages for people, from the command's threads
     */
    Background start(List<String> arguments, PrintStream err);

    /** A command that goes on beside its caller. Thread-safe. */
    interface Background {

        /**
         * Waits for the command to end by itself.
         *
         * @return its exit code, or empty when it has not ended in that time
         */
        OptionalInt await(Duration atMost) throws InterruptedException;

        /**
         * Tells the command to end, as SIGTERM would, and waits until it has; if it has ended already, nothing happens.
         *
         * @return its exit code
         */
        int terminate() throws InterruptedException;
    }
}
