package dev.transvase.cli.process;

import dev.transvase.core.plugin.InstalledPlugin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Why the JVM is ending, as the stack of the thread that runs its shutdown hooks shows: a signal, or a call of {@code System.exit}.
 *
 * @param thread the one that waits for the hooks; null when it cannot be found, such as a virtual thread
 * @param stack its stack, the latest call first
 */
record EndCause(Thread thread, List<StackTraceElement> stack) {

    private static final String HOOKS = "java.lang.ApplicationShutdownHooks";
    private static final String SIGNALLED = "java.lang.Terminator";

    /** As a shell tells these signals: 128 and the signal's number. */
    private static final Map<String, Integer> SIGNAL_CODES =
            Map.of("SIGHUP handler", 129, "SIGINT handler", 130, "SIGTERM handler", 143);

    /** Called in a shutdown hook. */
    static EndCause find() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> has(HOOKS, List.of(thread.getValue())))
                .findFirst()
                .map(thread -> new EndCause(thread.getKey(), List.of(thread.getValue())))
                .orElseGet(() -> new EndCause(null, List.of()));
    }

    private static boolean has(String className, List<StackTraceElement> stack) {
        return stack.stream().anyMatch(frame -> frame.getClassName().startsWith(className));
    }

    /** Whether this thread ends the JVM, and not on behalf of a plugin that it has called. */
    boolean isOf(Thread other) {
        return thread == other && plugin().isEmpty();
    }

    /** The exit code of the signal that ends the JVM; empty when none does. */
    OptionalInt signalCode() {
        Integer code = thread == null || !has(SIGNALLED, stack) ? null : SIGNAL_CODES.get(thread.getName());
        return code == null ? OptionalInt.empty() : OptionalInt.of(code);
    }

    /** For people. */
    @Override
    public String toString() {
        String caller = stack.stream()
                // The hooks' own iteration may be on top.
                .dropWhile(frame -> !frame.getClassName().startsWith(HOOKS))
                .dropWhile(frame -> frame.getClassName().startsWith("java.lang."))
                .findFirst()
                .map(frame -> frame.getClassName() + '.' + frame.getMethodName() + " called System.exit, in ")
                .orElse("System.exit was called in ");
        String where = thread == null ? "an unknown thread" : "the thread \"" + thread.getName() + '"';
        return plugin().map(name -> "plugin " + name).orElse("something other than Transvase")
                + " ended the process in the middle of the job: " + caller + where
                + "; a plugin that cannot go on must throw an exception instead";
    }

    private Optional<String> plugin() {
        return stack.stream()
                .flatMap(frame -> InstalledPlugin.ownerOf(frame).stream())
                .findFirst();
    }
}
