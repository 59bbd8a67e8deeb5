package dev.transvase.stream;

import static dev.transvase.stream.StreamErrors.OUTPUT_FAILED;

import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all channels write to. One thread does the writing: so lines of two channels never mix, and a channel that is
 * cancelled can leave a write that hangs, for example on a pipe that nobody reads. A channel has one piece of work here
 * at a time, so the queue is no longer than there are channels.
 */
final class LineOutput implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LineOutput.class);
    private static final long CLOSE_SECONDS = 1;

    private interface Work {
        void run() throws IOException;
    }

    private final String target;
    private final LineSink sink;
    private final ExecutorService thread;

    /** @param target for messages */
    LineOutput(String target, LineSink sink) {
        this.target = target;
        this.sink = sink;
        this.thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread writing = new Thread(work, "stream-writer-output");
            // A write that hangs must not keep the process.
            writing.setDaemon(true);
            return writing;
        });
    }

    /** Writes whole lines. The array must not change until the future is done, or permanently abandoned. */
    CompletableFuture<Void> write(byte[] bytes, int length) {
        return submit(() -> sink.write(bytes, length));
    }

    /** Makes safe what was written before. */
    CompletableFuture<Void> flush() {
        return submit(sink::flush);
    }

    private CompletableFuture<Void> submit(Work work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        thread.execute(() -> {
            // Someone who was cancelled while waiting in the queue writes nothing any more.
            if (done.isDone()) {
                return;
            }
            try {
                work.run();
                done.complete(null);
            } catch (IOException e) {
                done.completeExceptionally(TransvaseException.of(
                        OUTPUT_FAILED, "Cannot write to " + target + ": " + e.getMessage() + ".", e));
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /** Closes the sink; waits a moment at most for a write that hangs. */
    @Override
    public void close() {
        thread.execute(() -> {
            try {
                sink.close();
            } catch (IOException e) {
                // All that was flushed is safe; only what was given up anyway can be lost.
                LOG.warn("Closing {} failed: {}", target, e.getMessage());
            }
        });
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("gave up on a write to {} that does not end", target);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
