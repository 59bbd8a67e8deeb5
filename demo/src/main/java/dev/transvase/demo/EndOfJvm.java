package dev.transvase.demo;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Knows whether the JVM is ending, as after Ctrl-C. The servers have shutdown hooks of their own, which stop them and
 * delete their folders at the same time.
 */
final class EndOfJvm {
    /** As a shell tells SIGINT. */
    static final int INTERRUPTED = 130;

    private final PrintStream err;
    private final Thread hook;
    private volatile boolean come;

    private EndOfJvm(PrintStream err) {
        this.err = err;
        hook = new Thread(this::come, "end of demo");
    }

    /** It has come. */
    void come() {
        synchronized (this) {
            come = true;
        }
        err.println();
        err.println("Stopping the servers of the demo and deleting their data.");
        err.flush();
    }

    static EndOfJvm watch(PrintStream err) {
        EndOfJvm end = new EndOfJvm(err);
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    boolean hasCome() {
        return come;
    }

    /**
     * Passes messages on, on the thread that writes them, until the end of the JVM has come. The servers go then, so what a job
     * says of them means nothing.
     */
    PrintStream quietAtTheEnd(PrintStream others) {
        OutputStream passed = new OutputStream() {
            @Override
            public void write(int one) {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                synchronized (EndOfJvm.this) {
                    if (!come) {
                        others.write(bytes, offset, length);
                    }
                }
            }

            @Override
            public void flush() {
                others.flush();
            }
        };
        return new PrintStream(passed, true, StandardCharsets.UTF_8);
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
