package dev.transvase.cli.command;

import dev.transvase.cli.process.Shell.Background;
import dev.transvase.cli.process.Signals;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;

/** A command in a thread of its own, to which {@link #terminate} is the only signal. */
public final class BackgroundCommand implements Background, Signals {

    private final FutureTask<Integer> command;
    private boolean terminated;
    private Listener listener;

    private BackgroundCommand(ToIntFunction<Signals> command) {
        this.command = new FutureTask<>(() -> command.applyAsInt(this));
    }

    /** Begins the command, which is given what tells it to end. */
    public static BackgroundCommand start(ToIntFunction<Signals> command) {
        BackgroundCommand started = new BackgroundCommand(command);
        Thread thread = new Thread(started.command, "transvase-background");
        thread.setDaemon(true); // a process that ends does not wait for it
        thread.start();
        return started;
    }

    @Override
    public Runnable listen(Listener toTell) {
        boolean late;
        synchronized (this) {
            listener = toTell;
            late = terminated;
        }
        if (late) {
            toTell.signalled();
        }
        return this::forget;
    }

    private synchronized void forget() {
        listener = null;
    }

    @Override
    public OptionalInt await(Duration atMost) throws InterruptedException {
        try {
            return OptionalInt.of(command.get(atMost.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return OptionalInt.empty();
        } catch (ExecutionException e) {
            throw defect(e);
        }
    }

    @Override
    public int terminate() throws InterruptedException {
        Listener toTell = null;
        synchronized (this) {
            if (!terminated) {
                terminated = true;
                toTell = listener;
            }
        }
        if (toTell != null) {
            toTell.signalled();
        }
        try {
            return command.get();
        } catch (ExecutionException e) {
            throw defect(e);
        }
    }

    /** The command line turns all failures into exit codes. */
    private static IllegalStateException defect(ExecutionException e) {
        return new IllegalStateException("the command failed without an exit code", e.getCause());
    }
}
