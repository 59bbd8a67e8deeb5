package dev.sluice.core.run;

import dev.sluice.spi.Split;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The splits that no channel has taken yet, and how many have been read. Thread-safe. */
final class SplitQueue {

    private final ConcurrentLinkedQueue<Split> waiting;
    private final AtomicInteger done = new AtomicInteger();

    SplitQueue(List<Split> splits) {
        this.waiting = new ConcurrentLinkedQueue<>(splits);
    }

    /** The next split, or {@code null} when none is left. */
    Split next() {
        return waiting.poll();
    }

    /** A split has been read to its end. */
    void done() {
        done.incrementAndGet();
    }

    int doneCount() {
        return done.get();
    }
}
