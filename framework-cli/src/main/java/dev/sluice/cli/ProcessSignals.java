package dev.sluice.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIGINT and SIGTERM: the JVM answers them by running its hooks, and then ends with 130 or 143. */
final class ProcessSignals implements Signals {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessSignals.class);

    @Override
    public Runnable listen(Listener listener) {
        Thread hook = new Thread(() -> answer(listener), "sluice-signal");
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> remove(hook);
    }

    private static void answer(Listener listener) {
        // To leave the JVM by another exit code than the signal's there is no other way.
        listener.signalled().ifPresent(code -> Runtime.getRuntime().halt(code));
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("a signal is being answered", e);
        }
    }
}
