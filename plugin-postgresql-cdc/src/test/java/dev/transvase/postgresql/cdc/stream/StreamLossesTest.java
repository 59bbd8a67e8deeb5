package dev.transvase.postgresql.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A stream that cannot be taken up is given up in time; one that was well in between begins anew. */
class StreamLossesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private long now;
    private final StreamLosses losses = new StreamLosses(PATIENCE, () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    /** Loses it again and again, each time for as long as it was told to wait; tells these times. */
    private List<Long> loseUntilGivenUp(Duration heard) {
        List<Long> pauses = new ArrayList<>();
        Optional<Duration> pause = losses.lost(false, heard);
        while (pause.isPresent()) {
            pauses.add(pause.get().toMillis());
            pass(pause.get());
            pause = losses.lost(false, heard);
        }
        return pauses;
    }

    @Test
    void pausesGrowUntilItIsGivenUp() {
        assertThat(loseUntilGivenUp(Duration.ZERO))
                .containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L, 5000L);
    }

    @Test
    void aConnectionThatIsLostAtOnceIsNoneOfWorth() {
        assertThat(loseUntilGivenUp(StreamLosses.WELL.minusMillis(1))).hasSize(9);
    }

    @Test
    void whatComesForwardIsNotGivenUp() {
        for (int i = 0; i < 100; i++) {
            assertThat(losses.lost(true, Duration.ZERO)).contains(StreamLosses.FIRST_PAUSE);
            pass(PATIENCE);
        }
    }

    /** Of a source where nothing happens the position stays the same for as long. */
    @Test
    void anIdleStreamThatIsLostOnceInAWhileIsNotGivenUp() {
        for (int i = 0; i < 100; i++) {
            assertThat(losses.lost(false, StreamLosses.WELL)).contains(StreamLosses.FIRST_PAUSE);
            pass(PATIENCE.multipliedBy(100));
        }
    }

    @Test
    void withoutPatienceItIsNotTriedAgain() {
        assertThat(new StreamLosses(Duration.ZERO, () -> now).lost(true, StreamLosses.WELL))
                .isEmpty();
    }
}
