package dev.transvase.cli.process;

import dev.transvase.cli.text.Printable;
import java.io.PrintStream;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of this process. Either a command ends it, through {@link #exit}, or a signal does. Any other end, such as {@code
 * System.exit} in a plugin, is a failure, whatever exit code was asked for. No shutdown hook keeps the process from ending.
 */
public final class ProcessEnd implements Signals {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessEnd.class);

    /** How long other shutdown hooks, such as a plugin's, may take. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** How long a job may take to stop and to report; longer than a job itself waits for that. */
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final PrintStream err;
    private final Thread main = Thread.currentThread();
    private volatile OptionalInt decided = OptionalInt.empty();
    private volatile Listening latest = new Listening(new Listener() {
        @Override
        public OptionalInt signalled() {
            return OptionalInt.empty();
        }

        @Override
        public void cutOff(String by) {
            err.println("error: " + Printable.line(by) + " [" + CliErrors.PROCESS_ENDED + ']');
        }
    });

    /** The listener, and whether a signal still matters to it. */
    private static final class Listening {

        private final Listener listener;
        private volatile boolean over;

        Listening(Listener listener) {
            this.listener = listener;
        }
    }

    private ProcessEnd(PrintStream err) {
        this.err = err;
    }

    /** Takes charge of the process's end. Called once, on the main thread, before any plugin is loaded. */
    public static ProcessEnd install(PrintStream err) {
        ProcessEnd end = new ProcessEnd(err);
        Runtime.getRuntime().addShutdownHook(new Thread(end::answer, "transvase-end"));
        return end;
    }

    /** Ends the process with this code, on the main thread. */
    public void exit(int code) {
        decided = OptionalInt.of(code);
        System.exit(code);
    }

    /** The latest listener also hears of an end that comes after it has stopped listening: it knows what it has reported. */
    @Override
    public Runnable listen(Listener listener) {
        Listening listening = new Listening(listener);
        latest = listening;
        return () -> listening.over = true;
    }

    /** Runs as a shutdown hook, beside those of others. */
    private void answer() {
        EndCause cause = EndCause.find();
        OptionalInt signal = cause.signalCode();
        if (decided.isPresent()) {
            int code = decided.getAsInt();
            if (cause.isOf(main)) {
                haltAfter(GRACE, code);
            } else {
                Runtime.getRuntime()
                        .halt(signal.orElse(
                                code)); // everything has been reported, and others may have asked for another code
            }
        } else if (signal.isPresent()) {
            haltAfter(ANSWER, signal.getAsInt());
            if (!latest.over) {
                // To leave the JVM with another exit code than the signal's there is no other way.
                latest.listener.signalled().ifPresent(Runtime.getRuntime()::halt);
            }
            haltAfter(GRACE, signal.getAsInt());
        } else {
            haltAfter(ANSWER, ExitCode.DEFECT);
            try {
                LOG.error("{}", cause);
                latest.listener.cutOff(cause.toString());
                err.flush();
            } finally {
                Runtime.getRuntime().halt(ExitCode.DEFECT);
            }
        }
    }

    /** Makes sure that the process ends, also when a hook never does, or holds a lock that this one needs. */
    private static void haltAfter(Duration patience, int code) {
        Thread halting = new Thread(
                () -> {
                    try {
                        new CountDownLatch(1).await(patience.toMillis(), TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        LOG.debug("not waiting any longer", e);
                    } finally {
                        Runtime.getRuntime().halt(code);
                    }
                },
                "transvase-halt");
        halting.setDaemon(true);
        halting.start();
    }
}
