package dev.transvase.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeTextTest {

    /** As PostgreSQL reads them in that zone: the skipped hour before the change, the repeated one after it. */
    @ParameterizedTest
    @CsvSource({
        "2024-07-01 12:00, 2024-07-01T16:00:00Z",
        "2024-03-10 02:30, 2024-03-10T07:30:00Z",
        "2024-11-03 01:30, 2024-11-03T06:30:00Z",
        "2024-11-03 01:30-04, 2024-11-03T05:30:00Z",
        "2024-07-01 12:00Z, 2024-07-01T12:00:00Z"
    })
    void aTextWithoutAZoneIsInTheMachines(String text, Instant expected) {
        assertThat(new TimeText(Optional.empty(), ZoneId.of("America/New_York")).instant(text))
                .isEqualTo(expected);
    }

    @Test
    void aPatternOfPartsWithinPartsWithoutEndIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TimeText(Optional.of("[".repeat(100_000) + "yyyy")))
                .withMessageContaining("more than 200 characters");
    }
}
