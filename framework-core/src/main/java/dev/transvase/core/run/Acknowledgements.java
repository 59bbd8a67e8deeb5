package dev.transvase.core.run;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Position;
import dev.transvase.spi.SplitReader;
import java.util.function.Consumer;

/**
 * Tells the reader of a split how far its records are durable, and lets the reading thread wait until all are. The reading
 * thread delivers, the writing thread writes and flushes.
 */
final class Acknowledgements {

    private final SplitReader reader;
    private final Consumer<Position> listener;

    /** Guarded by this: how many deliveries have been made, and how many of them were flushed. */
    private long delivered;

    private long flushed;

    /** Touched by the writing thread only. */
    private long written;

    private Position last = Position.START;
    private Position acknowledged = Position.START;

    /** @param listener receives each position that has become durable */
    Acknowledgements(SplitReader reader, Consumer<Position> listener) {
        this.reader = reader;
        this.listener = listener;
    }

    synchronized void delivered() {
        delivered++;
    }

    void written(BatchEnd end) {
        written++;
        end.resumePosition().ifPresent(position -> last = position);
    }

    /** All that was written so far is durable, up to the last resume point. */
    void flushed() {
        if (!last.equals(acknowledged)) {
            reader.acknowledge(last);
            listener.accept(last);
            acknowledged = last;
        }
        synchronized (this) {
            flushed = written;
            notifyAll();
        }
    }

    /** Waits until all that was delivered has been flushed. */
    synchronized void awaitFlushed() throws InterruptedException {
        while (flushed < delivered) {
            wait();
        }
    }
}
