package dev.sluice.cli;

import dev.sluice.core.step.StepFactory;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Makes in the background what every job needs, while the command line and the job's file are read: most of a start is
 * loading classes, which one thread does on one processor only.
 */
final class HeadStart {

    private static final Set<String> COMMANDS_WITH_STEPS = Set.of("run", "check");

    /** Whoever needs it waits for it: classes that refer to each other must not be initialized by two threads at a time. */
    private static final FutureTask<StepFactory> STEPS = new FutureTask<>(() -> new StepFactory(Clock.systemUTC()));

    private HeadStart() {}

    /** Begins if the command with these arguments needs it. Returns at once. */
    static void begin(String... arguments) {
        if (arguments.length > 0 && COMMANDS_WITH_STEPS.contains(arguments[0])) {
            Thread thread = new Thread(STEPS, "head start");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** What makes the steps of all jobs of this process. Makes it first, or waits until it is made, if need be. */
    static StepFactory steps() {
        STEPS.run(); // does nothing after it has begun
        try {
            return STEPS.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the plugins' classes cannot be constructed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at the start", e);
        }
    }
}
