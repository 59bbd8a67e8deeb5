package dev.transvase.postgresql.cdc.stream;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * The batches that have been read and not been asked for. Bounded by bytes: it holds at most {@code capacity}, or a single
 * batch that is larger. One thread puts, another takes.
 */
public final class BatchBuffer {

    private static final long NAP_MILLIS = 100;

    private final long capacity;
    private final Queue<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private boolean ended;
    private TransvaseException failure;

    /** A batch, and what its end allows. */
    record Entry(RecordBatch batch, BatchEnd end) {}

    public BatchBuffer(long capacity) {
        this.capacity = capacity;
    }

    /**
     * Waits for room.
     *
     * @param meanwhile is called every now and then while there is none
     * @return false when nobody takes any longer
     */
    boolean put(RecordBatch batch, BatchEnd end, Runnable meanwhile) throws InterruptedException {
        while (true) {
            synchronized (this) {
                if (!ended && !entries.isEmpty() && bytes + batch.bytes() > capacity) {
                    TimeUnit.MILLISECONDS.timedWait(this, NAP_MILLIS);
                }
                if (ended) {
                    return false;
                }
                if (entries.isEmpty() || bytes + batch.bytes() <= capacity) {
                    entries.add(new Entry(batch, end));
                    bytes += batch.bytes();
                    notifyAll();
                    return true;
                }
            }
            meanwhile.run();
        }
    }

    /** The next one, waiting no longer than this; {@code null} when none came, or when there will be none. */
    synchronized Entry take(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (entries.isEmpty() && !ended) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
        }
        Entry entry = entries.poll();
        if (entry == null && failure != null) {
            throw failure;
        }
        if (entry != null) {
            bytes -= entry.batch().bytes();
            notifyAll();
        }
        return entry;
    }

    /** No more will be put; those that are there can still be taken. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Fails whoever takes. The first failure counts. */
    synchronized void fail(TransvaseException cause) {
        if (failure == null) {
            failure = cause;
        }
        end();
    }

    /** Whether no more will be put and all has been taken. */
    synchronized boolean drained() {
        return ended && entries.isEmpty() && failure == null;
    }
}
