package dev.transvase.core.run;

import dev.transvase.spi.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntToLongFunction;

/** The splits that no channel has taken yet, and how many have been read, of all tables and of each. Thread-safe. */
final class SplitQueue {

    private final ConcurrentLinkedQueue<Split> waiting;
    private final AtomicInteger done = new AtomicInteger();

    /** For each table its splits that are not done; one of many tables counts for none. */
    private final AtomicIntegerArray left;

    /** For each table its splits that somebody has taken and is not done with. */
    private final AtomicIntegerArray underWay;

    /** For each table how many records those of its splits have that are not done, as far as that was known before. */
    private final AtomicLongArray expected;

    /** Likewise of those that are done, and how many they had. */
    private final AtomicLongArray expectedOfDone;

    private final AtomicLongArray recordsOfDone;

    /** Whether the expected records of all splits of one table are known. */
    private final boolean expecting;

    /** The unfinished splits of many tables with an unknown number of records. */
    private final AtomicInteger boundless;

    /** For each table all its splits. */
    private final int[] ofTable;

    /** @param tables how many there are; a split's table is an index below this */
    SplitQueue(List<Split> splits, int tables) {
        this.waiting = new ConcurrentLinkedQueue<>(splits);
        this.left = new AtomicIntegerArray(tables);
        this.underWay = new AtomicIntegerArray(tables);
        this.expected = new AtomicLongArray(tables);
        this.expectedOfDone = new AtomicLongArray(tables);
        this.recordsOfDone = new AtomicLongArray(tables);
        this.ofTable = new int[tables];
        this.boundless = new AtomicInteger(
                (int) splits.stream().filter(SplitQueue::isBoundless).count());
        this.expecting = splits.stream()
                .filter(SplitQueue::isOfOneTable)
                .allMatch(split -> split.expected().isPresent());
        splits.stream().filter(SplitQueue::isOfOneTable).forEach(split -> {
            left.incrementAndGet(split.table());
            ofTable[split.table()]++;
            expected.addAndGet(split.table(), split.expected().orElse(0));
        });
    }

    /** The next split, or {@code null} when none is left. */
    Split next() {
        Split next = waiting.poll();
        if (next != null && isOfOneTable(next)) {
            underWay.incrementAndGet(next.table());
        }
        return next;
    }

    /**
     * A split has been read to its end.
     *
     * @param records how many it had
     */
    void done(Split split, long records) {
        done.incrementAndGet();
        if (isBoundless(split)) {
            boundless.decrementAndGet();
        }
        if (isOfOneTable(split)) {
            long before = split.expected().orElse(0);
            expected.addAndGet(split.table(), -before);
            expectedOfDone.addAndGet(split.table(), before);
            recordsOfDone.addAndGet(split.table(), records);
            left.decrementAndGet(split.table());
            underWay.decrementAndGet(split.table());
        }
    }

    private static boolean isBoundless(Split split) {
        return !isOfOneTable(split) && split.expected().isEmpty();
    }

    private static boolean isOfOneTable(Split split) {
        return split.table() != Split.MANY_TABLES;
    }

    /**
     * About how many records are still to be read. What is known of splits that are done corrects what was expected of the
     * others of their table.
     *
     * @param read how many records have been read of a table
     * @return empty when nothing is known of some
     */
    OptionalLong remaining(IntToLongFunction read) {
        if (!expecting || boundless.get() > 0) {
            return OptionalLong.empty();
        }
        long remaining = 0;
        for (int table = 0; table < left.length(); table++) {
            if (left.get(table) > 0) {
                long ofDone = recordsOfDone.get(table);
                long before = expectedOfDone.get(table);
                double factor = before > 0 ? (double) ofDone / before : 1;
                long underWay = read.applyAsLong(table) - ofDone;
                remaining += Math.max(0, Math.round(expected.get(table) * factor) - underWay);
            }
        }
        return OptionalLong.of(remaining);
    }

    int doneCount() {
        return done.get();
    }

    /** Whether all splits of this table have been read. */
    boolean done(int table) {
        return left.get(table) == 0;
    }

    /** Whether there were splits of this table alone. */
    boolean has(int table) {
        return ofTable[table] > 0;
    }

    /** The tables that are being read. */
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
