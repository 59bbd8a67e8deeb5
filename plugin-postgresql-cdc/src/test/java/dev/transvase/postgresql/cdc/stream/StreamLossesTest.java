package dev.transvase.postgresql.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A stream that cannot be taken up is given up in time; one that was well in between starts over. */
class StreamLossesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private long now;
    private final StreamLosses losses = new StreamLosses(PATIENCE, () -> now);

    private static void isFirst(Duration pause) {
        assertThat(pause).isBetween(StreamLosses.FIRST_PAUSE.dividedBy(2), StreamLosses.FIRST_PAUSE);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    /** Loses it again and again, each time for as long as it was told to wait; tells these times. */
    private List<Duration> loseUntilGivenUp(Duration heard) {
        List<Duration> pauses = new ArrayList<>();
        Optional<Duration> pause = losses.lost(false, heard);
        while (pause.isPresent()) {
            pauses.add(pause.get());
            pass(pause.get());
            pause = losses.lost(false, heard);
        }
        return pauses;
    }

    @Test
    void pausesGrowUntilItIsGivenUp() {
        List<Duration> pauses = loseUntilGivenUp(Duration.ZERO);
        isFirst(pauses.get(0));
        assertThat(pauses.get(3)).isBetween(Duration.ofMillis(400), Duration.ofMillis(800));
        assertThat(pauses).allMatch(pause -> pause.compareTo(StreamLosses.LONGEST_PAUSE) <= 0);
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(PATIENCE);
    }

    @Test
    void aConnectionThatIsLostAtOnceIsNoneOfWorth() {
        assertThat(loseUntilGivenUp(StreamLosses.WELL.minusMillis(1))).hasSizeBetween(8, 18);
    }

    @Test
    void whatComesForwardIsNotGivenUp() {
        for (int i = 0; i < 100; i++) {
            assertThat(losses.lost(true, Duration.ZERO)).hasValueSatisfying(StreamLossesTest::isFirst);
            pass(PATIENCE);
        }
    }

    /** Of a source where nothing happens the position stays the same for as long. */
    @Test
    void anIdleStreamThatIsLostOnceInAWhileIsNotGivenUp() {
        for (int i = 0; i < 100; i++) {
            assertThat(losses.lost(false, StreamLosses.WELL)).hasValueSatisfying(StreamLossesTest::isFirst);
            pass(PATIENCE.multipliedBy(100));
        }
    }

    @Test
    void withoutPatienceItIsNotTriedAgain() {
        assertThat(new StreamLosses(Duration.ZERO, () -> now).lost(true, StreamLosses.WELL))
                .isEmpty();
    }
}
