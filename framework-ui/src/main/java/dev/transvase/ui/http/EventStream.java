package dev.transvase.ui.http;

import io.javalin.http.Context;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Sends events to one client without a thread of its own: the server calls when the connection takes more. What is not sent yet is
 * kept once for each name, so a slow client costs neither memory nor the others time.
 */
final class EventStream implements EventSource.Listener, WriteListener {

    private final ServletOutputStream out;

    /** Done when there is nothing more to send; the server completes the answer then. */
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /** Guards what follows. The server calls {@link #onWritePossible} on one thread at a time, but senders are many. */
    private final Map<String, String> pending = new LinkedHashMap<>();

    private boolean ending;
    private boolean over;
    private boolean unflushed;
    private Runnable stop = () -> {};

    private EventStream(ServletOutputStream out) {
        this.out = out;
    }

    static void open(Context context, EventSource source) throws IOException {
        context.res().setContentType("text/event-stream");
        context.res().setCharacterEncoding("UTF-8");
        context.res().setHeader("Cache-Control", "no-store");
        context.res().setHeader("X-Accel-Buffering", "no");
        AsyncContext async = context.req().isAsyncStarted()
                ? context.req().getAsyncContext()
                : context.req().startAsync();
        async.setTimeout(0);
        EventStream stream = new EventStream(context.res().getOutputStream());
        context.future(() -> stream.done);
        stream.out.setWriteListener(stream);
        stream.send("hello", "{}");
        stream.stopBy(source.sendTo(stream));
    }

    private void stopBy(Runnable stopping) {
        synchronized (this) {
            if (!over) {
                stop = stopping;
                return;
            }
        }
        stopping.run();
    }

    @Override
    public void send(String name, String data) {
        synchronized (this) {
            if (over || ending) {
                return;
            }
            pending.remove(name); // the latest goes last
            pending.put(name, data);
        }
        write();
    }

    @Override
    public void end() {
        synchronized (this) {
            ending = true;
        }
        write();
    }

    @Override
    public void onWritePossible() {
        write();
    }

    private void write() {
        Runnable stopping = null;
        synchronized (this) {
            try {
                while (!over && out.isReady()) {
                    if (unflushed) {
                        unflushed = false;
                        out.flush();
                    } else if (!pending.isEmpty()) {
                        out.write(next());
                        unflushed = true;
                    } else if (ending) {
                        over = true;
                        stopping = stop;
                        done.complete(null);
                    } else {
                        break;
                    }
                }
            } catch (IOException | IllegalStateException e) {
                stopping = gone();
            }
        }
        if (stopping != null) {
            stopping.run();
        }
    }

    private byte[] next() {
        Map.Entry<String, String> first = pending.entrySet().iterator().next();
        pending.remove(first.getKey());
        String event = "event: " + first.getKey() + "\ndata: " + first.getValue() + "\n\n";
        return event.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void onError(Throwable failure) {
        Runnable stopping;
        synchronized (this) {
            stopping = gone();
        }
        stopping.run();
    }

    /** The client is gone, which is how most of them end. */
    private Runnable gone() {
        if (over) {
            return () -> {};
        }
        over = true;
        done.complete(null);
        return stop;
    }
}
