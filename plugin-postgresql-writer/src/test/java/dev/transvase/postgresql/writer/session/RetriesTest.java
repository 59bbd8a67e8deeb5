package dev.transvase.postgresql.writer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetriesTest {

    /** Stands still but for the pauses. */
    private long now = 12345;

    private final List<Long> pauses = new ArrayList<>();

    private Retries retries(Duration most) {
        return new Retries(most, () -> now, millis -> {
            pauses.add(millis);
            now += TimeUnit.MILLISECONDS.toNanos(millis);
        });
    }

    private long paused() {
        return pauses.stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void triesToConnectForAsLongAsAllowedWithGrowingPauses() {
        Retries retries = retries(Duration.ofSeconds(60));
        assertThat(retries.afterLoss("lost")).isTrue();
        while (retries.again("refused")) {
            assertThat(paused()).isLessThanOrEqualTo(60_000);
        }
        assertThat(paused()).isEqualTo(60_000);
        assertThat(pauses.get(0)).isBetween(50L, 100L);
        assertThat(pauses.get(3)).isBetween(400L, 800L);
        assertThat(pauses).allMatch(millis -> millis <= 5000).hasSizeBetween(15, 35);
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
        assertThat(pauses).allMatch(millis -> millis <= 100);
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
        assertThat(pauses).allMatch(millis -> millis >= 10 && millis <= 640);
    }

    @Test
    void zeroTurnsItOff() {
        Retries retries = retries(Duration.ZERO);
        assertThat(retries.on()).isFalse();
        assertThat(retries.again("refused")).isFalse();
        assertThat(pauses).isEmpty();
    }

    @Test
    void aCancellationEndsAPause() {
        CountDownLatch cancelled = new CountDownLatch(1);
        Thread canceller = new Thread(cancelled::countDown);
        canceller.start();
        assertThatThrownBy(() -> new Backoff(cancelled).pause(TimeUnit.DAYS.toMillis(1)))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("CANCELLED"));
    }
}
