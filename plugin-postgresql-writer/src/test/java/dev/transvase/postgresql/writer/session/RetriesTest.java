package dev.transvase.postgresql.writer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetriesTest {

    /** Stands still but for the pauses. */
    private long now = 12345;

    private final List<Duration> pauses = new ArrayList<>();

    private Retries retries(Duration most) {
        return new Retries(most, () -> now, wait -> {
            pauses.add(wait);
            now += wait.toNanos();
            return true;
        });
    }

    private Duration paused() {
        return pauses.stream().reduce(Duration.ZERO, Duration::plus);
    }

    @Test
    void triesToConnectForAsLongAsAllowedWithGrowingPauses() {
        Retries retries = retries(Duration.ofSeconds(60));
        assertThat(retries.afterLoss("lost")).isTrue();
        while (retries.again("refused")) {
            assertThat(paused()).isLessThanOrEqualTo(Duration.ofSeconds(60));
        }
        assertThat(paused()).isEqualTo(Duration.ofSeconds(60));
        assertThat(pauses.get(0)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
        assertThat(pauses.get(3)).isBetween(Duration.ofMillis(400), Duration.ofMillis(800));
        assertThat(pauses)
                .allMatch(wait -> wait.compareTo(Duration.ofSeconds(5)) <= 0)
                .hasSizeBetween(15, 35);
        assertThat(retries.afterLoss("lost")).isFalse();
    }

    @Test
    void whatBecomesDurableStartsTheCountAnew() {
        Retries retries = retries(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            assertThat(retries.afterLoss("lost")).isTrue();
            retries.progress();
            assertThat(retries.afterConflict("deadlock")).isTrue();
            retries.progress();
        }
        assertThat(pauses).allMatch(wait -> wait.toMillis() <= 100);
    }

    /** A record that makes the server crash must not do so for long. */
    @Test
    void aConnectionThatIsLostAgainAndAgainIsGivenUp() {
        Retries retries = retries(Duration.ofDays(1));
        for (int i = 0; i < Retries.MOST; i++) {
            assertThat(retries.afterLoss("lost")).isTrue();
        }
        assertThat(retries.afterLoss("lost")).isFalse();
    }

    @Test
    void conflictsAreGivenUpByTheirNumber() {
        Retries retries = retries(Duration.ZERO);
        for (int i = 0; i < Retries.MOST; i++) {
            assertThat(retries.afterConflict("deadlock")).isTrue();
        }
        assertThat(retries.afterConflict("deadlock")).isFalse();
        assertThat(pauses).allMatch(wait -> wait.toMillis() >= 10 && wait.toMillis() <= 640);
    }

    @Test
    void zeroTurnsItOff() {
        Retries retries = retries(Duration.ZERO);
        assertThat(retries.on()).isFalse();
        assertThat(retries.again("refused")).isFalse();
        assertThat(pauses).isEmpty();
    }

    @Test
    void aPauseThatIsCutShortCancelsWriting() {
        Retries retries = new Retries(Duration.ofSeconds(60), () -> now, wait -> false);
        assertThatThrownBy(() -> retries.again("refused"))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("CANCELLED"));
        assertThatThrownBy(() -> retries.afterConflict("deadlock"))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("CANCELLED"));
    }
}
