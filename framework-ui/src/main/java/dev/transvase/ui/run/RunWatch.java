package dev.transvase.ui.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.ui.http.EventSource;
import dev.transvase.ui.http.Json;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients how runs go on, while they do. One thread reads what each watched run has printed since it last looked, however many watch
 * it; a run that nobody watches is not looked at.
 *
 * <p>Events: {@code state} with the run, at first and whenever that changes; {@code progress} with what {@code --progress json} prints;
 * {@code log} with further lines and their places, from which a client that has missed some sees that it has; {@code end} with the run,
 * after which no more come.
 */
public final class RunWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunWatch.class);
    private static final long LOOK_MILLIS = 300;
    private static final int ALIVE_EVERY = 50;
    private static final int CUT_EVERY = 1_000;

    private final Runs runs;
    private final ScheduledExecutorService looking;
    private final ScheduledFuture<?> looks;

    /** Used by the looking thread alone. */
    private int allLooks;

    /** Guarded by this. */
    private final Map<String, Watched> watched = new HashMap<>();

    /** A run that somebody watches. Used by the looking thread, but for the listeners, which are guarded by the outer lock. */
    private static final class Watched {
        private final Set<EventSource.Listener> listeners = new LinkedHashSet<>();
        private long read;
        private RunState state;
        private int looks;

        Watched(long read, RunState state) {
            this.read = read;
            this.state = state;
        }
    }

    public RunWatch(Runs runs) {
        this.runs = runs;
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "ui-watch"); // one for all runs: looking is quick
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        this.looks = executor.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        this.looking = executor;
    }

    /**
     * What sends a run's events.
     *
     * @param from the place in the log from which on lines are sent; less than 0 for those that come
     */
    public EventSource of(String id, long from) {
        RunFolder folder = runs.existing(id);
        return listener -> begin(folder, from, listener);
    }

    private Runnable begin(RunFolder folder, long from, EventSource.Listener listener) {
        OutputFile output = new OutputFile(folder.output());
        Run run = runs.get(folder.id());
        listener.send("state", Json.tree(run).toString());
        output.lastProgress().ifPresent(line -> listener.send("progress", line));
        synchronized (this) {
            Watched found = watched.get(folder.id());
            long here = found == null ? output.size() : found.read;
            if (from >= 0 && from < here) {
                // The client asks for what lies between by itself.
                listener.send("log", log(new RunLogs.Lines(from, here, false, List.of())));
            }
            if (run.state().ended()) {
                listener.send("end", Json.tree(run).toString());
                listener.end();
                return () -> {};
            }
            watched.computeIfAbsent(folder.id(), id -> new Watched(here, run.state()))
                    .listeners
                    .add(listener);
        }
        return () -> leave(folder.id(), listener);
    }

    private synchronized void leave(String id, EventSource.Listener listener) {
        Watched found = watched.get(id);
        if (found != null) {
            found.listeners.remove(listener);
            if (found.listeners.isEmpty()) {
                watched.remove(id);
            }
        }
    }

    private void look() {
        if (++allLooks % CUT_EVERY == 0) {
            try {
                runs.cutLogs();
            } catch (RuntimeException e) {
                LOG.warn("a log that has become large stays so", e);
            }
        }
        Map<String, Watched> now;
        synchronized (this) {
            now = new HashMap<>(watched);
        }
        now.forEach((id, run) -> {
            try {
                look(id, run);
            } catch (RuntimeException e) {
                LOG.warn("run {} cannot be watched", id, e);
            }
        });
    }

    private void look(String id, Watched run) {
        RunFolder folder = runs.existing(id);
        Run now = runs.get(id); // before its lines: of one that has ended these are all
        tell(folder, run);
        List<EventSource.Listener> listeners = listeners(run);
        if (run.state != now.state()) {
            run.state = now.state();
            send(listeners, "state", Json.tree(now).toString());
        }
        if (now.state().ended()) {
            send(listeners, "end", Json.tree(now).toString());
            listeners.forEach(EventSource.Listener::end);
            synchronized (this) {
                watched.remove(id);
            }
        } else if (++run.looks % ALIVE_EVERY == 0) {
            send(listeners, "alive", "{}"); // finds out who is gone
        }
    }

    private void tell(RunFolder folder, Watched run) {
        OutputFile output = new OutputFile(folder.output());
        if (output.size() < run.read) {
            run.read = output.size(); // it was cut
        }
        boolean more = true;
        while (more) {
            OutputFile.Piece piece = output.read(run.read);
            List<EventSource.Listener> listeners;
            synchronized (this) {
                listeners = List.copyOf(run.listeners);
                run.read = piece.to();
            }
            RunLogs.Lines lines = RunLogs.lines(piece);
            if (!lines.lines().isEmpty()) {
                send(listeners, "log", log(lines));
            }
            String progress = null;
            for (String line : piece.lines()) {
                progress = OutputFile.isProgress(line) ? line : progress;
            }
            if (progress != null) {
                send(listeners, "progress", progress);
            }
            more = !piece.end() && piece.to() > piece.from();
        }
    }

    private static String log(RunLogs.Lines lines) {
        ObjectNode log = JsonNodeFactory.instance.objectNode();
        log.put("from", lines.from()).put("to", lines.to());
        lines.lines().forEach(log.putArray("lines")::add);
        return log.toString();
    }

    private synchronized List<EventSource.Listener> listeners(Watched run) {
        return List.copyOf(run.listeners);
    }

    private static void send(List<EventSource.Listener> listeners, String name, String data) {
        listeners.forEach(listener -> listener.send(name, data));
    }

    @Override
    public void close() {
        looks.cancel(false);
        List<Watched> left;
        synchronized (this) {
            left = List.copyOf(watched.values());
            watched.clear();
        }
        left.forEach(
                run -> listeners(run).forEach(EventSource.Listener::end)); // they ask again where the next server is
        looking.shutdown();
    }
}
