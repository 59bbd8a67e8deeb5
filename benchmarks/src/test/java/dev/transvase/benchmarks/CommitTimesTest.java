package dev.transvase.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommitTimesTest {

    private static final long MILLI = 1_000_000;

    @Test
    void aWaitThatManyHaveInCommonIsToldOnce() {
        CommitTimes times = new CommitTimes(5);
        long[] sent = {0, 1, 2, 20, 40};
        long[] seen = {10, 10, 10, 21, 43};
        for (int i = 0; i < sent.length; i++) {
            times.sentNanos[i] = sent[i] * MILLI;
            times.doneNanos[i] = times.sentNanos[i] + MILLI / 2;
            times.seenNanos[i] = seen[i] * MILLI;
        }
        assertThat(times.millis()).containsExactly(10, 9, 8, 1, 3);
        List<String> slowest;
        try (Stalls stalls = Stalls.watch()) {
            slowest = times.slowest(stalls);
        }
        assertThat(slowest)
                .satisfiesExactly(
                        told -> assertThat(told).startsWith("10.0 ms from ").contains(", 0.5 of them until"),
                        told -> assertThat(told).startsWith("3.0 ms from "),
                        told -> assertThat(told).startsWith("1.0 ms from "));
    }
}
