package dev.transvase.cli.process;

import dev.transvase.core.step.StepFactory;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Makes the root injector in the background, while the command line and the job's file are read: most of a start is loading
 * classes, which one thread does on one processor only.
 */
public final class HeadStart {

    private static final Set<String> COMMANDS_OF_JOBS = Set.of("run", "check");

    /**
     * One for the process, begun before there is anything else to keep it in. Who needs it while it is made waits for it: two
     * threads that initialize classes which refer to each other could wait for each other without end.
     */
    private static final FutureTask<StepFactory> STEPS = new FutureTask<>(() -> new StepFactory(Clock.systemUTC()));

    private HeadStart() {}

    /** Begins if these are the arguments of a command that plans a job. Returns at once. */
    public static void begin(String... arguments) {
        if (arguments.length > 0 && COMMANDS_OF_JOBS.contains(arguments[0])) {
            Thread thread = new Thread(STEPS, "head start");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** What makes the steps of all jobs of this process. Makes it first, or waits until it is made, if need be. */
    public static StepFactory steps() {
        STEPS.run(); // does nothing after it has begun
        try {
            return STEPS.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the step factory could not be created", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at the start", e);
        }
    }
}
