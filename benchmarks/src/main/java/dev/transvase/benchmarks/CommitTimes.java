package dev.transvase.benchmarks;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** When each of some commits was sent, was done at the source, and was seen at the target, in the clock of {@link System#nanoTime}. */
final class CommitTimes {

    private static final int SLOWEST = 3;

    final long[] sentNanos;
    final long[] doneNanos;
    final long[] seenNanos;

    private final Instant startedAt = Instant.now();
    private final long startNanos = System.nanoTime();

    CommitTimes(int count) {
        sentNanos = new long[count];
        doneNanos = new long[count];
        seenNanos = new long[count];
    }

    double[] millis() {
        return IntStream.range(0, sentNanos.length)
                .mapToDouble(i -> (seenNanos[i] - sentNanos[i]) / 1e6)
                .toArray();
    }

    /**
     * What the longest were waiting for, as far as it is visible from outside. A wait that many share is reported once, of
     * the first of them.
     */
    List<String> slowest(Stalls stalls) {
        return IntStream.range(0, sentNanos.length)
                .filter(i -> i == 0 || seenNanos[i] > seenNanos[i - 1])
                .boxed()
                .sorted(Comparator.comparingLong(i -> sentNanos[i] - seenNanos[i]))
                .limit(SLOWEST)
                .map(i -> String.format(
                        Locale.ROOT,
                        "%.1f ms from %s, %.1f of them until the source had committed, %.1f of them this machine"
                                + " let threads wait",
                        (seenNanos[i] - sentNanos[i]) / 1e6,
                        startedAt.plusNanos(sentNanos[i] - startNanos).truncatedTo(ChronoUnit.MILLIS),
                        (doneNanos[i] - sentNanos[i]) / 1e6,
                        stalls.within(sentNanos[i], seenNanos[i]) / 1e6))
                .toList();
    }
}
