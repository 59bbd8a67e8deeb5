package dev.transvase.postgresql.split;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * How often each key is there, in the table or in a sample of it.
 *
 * @param keys ascending, each once
 * @param rowsUpTo of each key the rows that it and the lesser keys have
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and held only while a table is cut
record KeyHistogram(long[] keys, long[] rowsUpTo) {

    static KeyHistogram of(List<Long> keys, List<Long> rows) {
        long[] sums = new long[rows.size()];
        long sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += rows.get(i);
            sums[i] = sum;
        }
        return new KeyHistogram(keys.stream().mapToLong(Long::longValue).toArray(), sums);
    }

    /** From one key to another, both included. */
    private record Range(int first, int last, long rows) {
        boolean single() {
            return first == last;
        }
    }

    long rows() {
        return keys.length == 0 ? 0 : rowsUpTo[keys.length - 1];
    }

    /**
     * The last key of each range but the last one, ascending. There are as many ranges as asked for, unless there are
     * fewer keys. The largest range of several keys is as small as can be: a key that has many rows is alone in its range
     * and does not make the other ranges fewer or larger.
     */
    List<Long> boundaries(int ranges) {
        TreeSet<Long> last = new TreeSet<>();
        split(ranges).forEach(r -> last.add(keys[r.last()]));
        last.pollLast();
        return List.copyOf(last);
    }

    private PriorityQueue<Range> split(int ranges) {
        PriorityQueue<Range> split = new PriorityQueue<>(Comparator.comparingLong(r -> r.single() ? 0 : -r.rows()));
        split.addAll(fill(leastCapacity(ranges), ranges));
        while (split.size() < Math.min(ranges, keys.length)) {
            Range largest = split.remove();
            int middle = middle(largest);
            split.add(range(largest.first(), middle));
            split.add(range(middle + 1, largest.last()));
        }
        return split;
    }

    /** The number of rows per range with which this many ranges are enough, when no range but one of a single key may have more rows. */
    private long leastCapacity(int ranges) {
        long tooSmall = 0;
        long enough = Math.max(1, rows());
        while (enough - tooSmall > 1) {
            long capacity = tooSmall + (enough - tooSmall) / 2;
            if (fill(capacity, ranges).size() <= ranges) {
                enough = capacity;
            } else {
                tooSmall = capacity;
            }
        }
        return enough;
    }

    /** Ranges from the least key on, each as large as the capacity allows; ends early beyond the most. */
    private List<Range> fill(long capacity, int most) {
        List<Range> filled = new ArrayList<>();
        int first = 0;
        while (first < keys.length && filled.size() <= most) {
            int last = Math.max(first, lastWithin(rowsBefore(first) + capacity));
            filled.add(range(first, last));
            first = last + 1;
        }
        return filled;
    }

    /** The last key up to which there are no more than this many rows; -1 when the first has more. */
    private int lastWithin(long rows) {
        int within = -1;
        int beyond = keys.length;
        while (beyond - within > 1) {
            int at = (within + beyond) >>> 1;
            if (rowsUpTo[at] <= rows) {
                within = at;
            } else {
                beyond = at;
            }
        }
        return within;
    }

    /** Where a range of several keys is cut in halves that differ least. */
    private int middle(Range range) {
        long half = rowsBefore(range.first()) + range.rows() / 2;
        int below = Math.min(Math.max(range.first(), lastWithin(half)), range.last() - 1);
        int above = Math.min(below + 1, range.last() - 1);
        return Math.abs(rowsUpTo[below] - half) <= Math.abs(rowsUpTo[above] - half) ? below : above;
    }

    private Range range(int first, int last) {
        return new Range(first, last, rowsUpTo[last] - rowsBefore(first));
    }

    private long rowsBefore(int key) {
        return key == 0 ? 0 : rowsUpTo[key - 1];
    }
}
