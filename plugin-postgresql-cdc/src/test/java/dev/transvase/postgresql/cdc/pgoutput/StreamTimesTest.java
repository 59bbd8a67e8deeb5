package dev.transvase.postgresql.cdc.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Both ends are told of each other several times before one of them gives the other up. */
class StreamTimesTest {

    private static Duration status(int silenceSeconds, int senderTimeoutMillis) {
        return StreamTimes.of(Duration.ofSeconds(silenceSeconds), Duration.ofMillis(senderTimeoutMillis))
                .status();
    }

    @Test
    void whatTheServerWaitsForComesInTime() {
        assertThat(status(60, 60_000)).isEqualTo(Duration.ofSeconds(5));
        assertThat(status(60, 6_000)).isEqualTo(Duration.ofSeconds(2));
        assertThat(status(60, 900)).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void whatThisEndWaitsForIsAskedForInTime() {
        assertThat(status(3, 60_000)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aServerThatWaitsWithoutEndIsToldAllTheSame() {
        assertThat(status(60, 0)).isEqualTo(Duration.ofSeconds(5));
    }
}
