package dev.sluice.core.run;

import dev.sluice.spi.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** The splits that no channel has taken yet, and how many have been read, of all tables and of each. Thread-safe. */
final class SplitQueue {

    private final ConcurrentLinkedQueue<Split> waiting;
    private final AtomicInteger done = new AtomicInteger();

    /** For each table its splits that are not done; one of many tables counts for none. */
    private final AtomicIntegerArray left;

    /** For each table its splits that somebody has taken and is not done with. */
    private final AtomicIntegerArray underWay;

    /** @param tables how many there are; a split's table is an index below this */
    SplitQueue(List<Split> splits, int tables) {
        this.waiting = new ConcurrentLinkedQueue<>(splits);
        this.left = new AtomicIntegerArray(tables);
        this.underWay = new AtomicIntegerArray(tables);
        splits.stream().filter(SplitQueue::isOfOneTable).forEach(split -> left.incrementAndGet(split.table()));
    }

    /** The next split, or {@code null} when none is left. */
    Split next() {
        Split next = waiting.poll();
        if (next != null && isOfOneTable(next)) {
            underWay.incrementAndGet(next.table());
        }
        return next;
    }

    /** A split has been read to its end. */
    void done(Split split) {
        done.incrementAndGet();
        if (isOfOneTable(split)) {
            left.decrementAndGet(split.table());
            underWay.decrementAndGet(split.table());
        }
    }

    private static boolean isOfOneTable(Split split) {
        return split.table() != Split.MANY_TABLES;
    }

    int doneCount() {
        return done.get();
    }

    /** Whether all splits of this table have been read. */
    boolean done(int table) {
        return left.get(table) == 0;
    }

    /** The tables of which something is being read. */
    List<Integer> underWay() {
        List<Integer> tables = new ArrayList<>();
        for (int table = 0; table < underWay.length(); table++) {
            if (underWay.get(table) > 0) {
                tables.add(table);
            }
        }
        return tables;
    }
}
