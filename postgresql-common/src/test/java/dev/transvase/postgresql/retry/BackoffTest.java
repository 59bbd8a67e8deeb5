package dev.transvase.postgresql.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** No test waits: the clock goes as told. */
class BackoffTest {

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private static final RandomGenerator LOWEST = new Edge() {
        @Override
        public long nextLong(long from, long to) {
            return from;
        }
    };

    private static final RandomGenerator HIGHEST = new Edge() {
        @Override
        public long nextLong(long from, long to) {
            return to - 1;
        }
    };

    /** Negative, as the clock of a machine may be. */
    private long now = -5;

    private abstract static class Edge implements RandomGenerator {
        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }
    }

    private Backoff within(Duration patience, RandomGenerator random) {
        return new Backoff(Integer.MAX_VALUE, patience, () -> now, FIRST, LONGEST, random);
    }

    /** Fails until it is given up, or so many times; tells the waits in milliseconds. */
    private List<Long> waits(Backoff backoff, int most) {
        List<Long> waits = new ArrayList<>();
        while (waits.size() < most) {
            Optional<Duration> wait = backoff.failed();
            if (wait.isEmpty()) {
                break;
            }
            now += wait.get().toNanos();
            waits.add(wait.get().toMillis());
        }
        return waits;
    }

    @Test
    void waitsDoubleUpToTheLongestAndAreBetweenHalfAndAllOfThat() {
        Duration day = Duration.ofDays(1);
        assertThat(waits(within(day, HIGHEST), 7)).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L, 1000L);
        assertThat(waits(within(day, LOWEST), 7)).containsExactly(50L, 100L, 200L, 400L, 500L, 500L, 500L);
    }

    @Test
    void chanceReachesAllInBetween() {
        Backoff backoff = within(Duration.ofDays(10_000), new SplittableRandom(1));
        waits(backoff, 4);
        List<Long> waits = waits(backoff, 1000);
        assertThat(waits).allMatch(millis -> millis >= 500 && millis <= 1000);
        for (int tenth = 0; tenth < 10; tenth++) {
            long from = 500 + 50L * tenth;
            assertThat(waits).anyMatch(millis -> millis >= from && millis < from + 50);
        }
    }

    @Test
    void theLastAttemptIsAtTheEndOfThePatience() {
        Backoff backoff = within(Duration.ofSeconds(1), HIGHEST);
        assertThat(waits(backoff, 100)).containsExactly(100L, 200L, 400L, 300L);
        assertThat(backoff.failed()).isEmpty();
    }

    @Test
    void patienceBeginsWithTheFirstFailureAndCountsWhatAttemptsTake() {
        now += Duration.ofDays(1).toNanos();
        Backoff backoff = within(Duration.ofSeconds(10), HIGHEST);
        assertThat(backoff.failed()).contains(FIRST);
        assertThat(backoff.left()).isEqualTo(Duration.ofSeconds(10));
        now += Duration.ofSeconds(4).toNanos();
        assertThat(backoff.failed()).contains(FIRST.multipliedBy(2));
        assertThat(backoff.left()).isEqualTo(Duration.ofSeconds(6));
        now += Duration.ofSeconds(6).toNanos();
        assertThat(backoff.failed()).isEmpty();
    }

    @Test
    void whatHasWorkedBeginsAnew() {
        Backoff backoff = within(Duration.ofSeconds(2), HIGHEST);
        waits(backoff, 3);
        assertThat(backoff.failures()).isEqualTo(3);
        now += Duration.ofDays(1).toNanos();
        backoff.worked();
        assertThat(backoff.failures()).isZero();
        assertThat(waits(backoff, 3)).containsExactly(100L, 200L, 400L);
    }

    @Test
    void withoutPatienceTheFirstFailureIsTheLast() {
        assertThat(within(Duration.ZERO, HIGHEST).failed()).isEmpty();
    }

    @Test
    void numbersAreCountedWhateverTheTime() {
        Backoff backoff = Backoff.times(3, FIRST, LONGEST);
        assertThat(waits(backoff, 100)).hasSize(3);
        assertThat(backoff.failed()).isEmpty();
        assertThat(backoff.failures()).isEqualTo(3);
        backoff.worked();
        assertThat(waits(backoff, 100)).hasSize(3);
    }

    @Test
    void anEndlessOneGoesOn() {
        List<Long> waits = waits(Backoff.endless(FIRST, LONGEST), 10_000);
        assertThat(waits).hasSize(10_000).allMatch(millis -> millis >= 50 && millis <= 1000);
    }
}
