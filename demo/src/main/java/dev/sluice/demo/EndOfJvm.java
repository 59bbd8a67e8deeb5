package dev.sluice.demo;

import java.io.PrintStream;

/**
 * Knows whether the JVM is ending, as after Ctrl-C. The servers have shutdown hooks of their own, which stop them and
 * delete their folders at the same time.
 */
final class EndOfJvm {
    /** As a shell tells SIGINT. */
    static final int INTERRUPTED = 130;

    private final Thread hook;
    private volatile boolean come;

    private EndOfJvm(PrintStream err) {
        hook = new Thread(
                () -> {
                    come = true;
                    err.println();
                    err.println("Stopping the servers of the demo and deleting their data.");
                    err.flush();
                },
                "end of demo");
    }

    static EndOfJvm watch(PrintStream err) {
        EndOfJvm end = new EndOfJvm(err);
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    boolean hasCome() {
        return come;
    }

    /** From here on the end of the JVM is nothing special. */
    void forget() {
        if (come) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingNow) {
            // Too late to forget, and nothing is left to say.
            come = true;
        }
    }
}
