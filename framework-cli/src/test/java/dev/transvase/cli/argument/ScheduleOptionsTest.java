package dev.transvase.cli.argument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleOptionsTest {

    @ParameterizedTest
    @CsvSource({
        "2026-01-31 00:30:05, 2026-01-31T00:30:05",
        "2026-01-31T00:30:05, 2026-01-31T00:30:05",
        "2026-01-31 00:30, 2026-01-31T00:30",
        "2026-01-31T20:30:05Z, 2026-02-01T04:30:05",
        "2026-01-31 20:30:05+01:00, 2026-02-01T03:30:05",
        "2026-01-31, 2026-01-31T00:00",
        "20260131, 2026-01-31T00:00",
        "20260131003005, 2026-01-31T00:30:05",
    })
    void aTimeIsOnTheClockOfTheZone(String given, LocalDateTime time) {
        assertThat(ScheduleOptions.time(given, "Asia/Shanghai").time()).isEqualTo(time);
    }

    @Test
    void whatIsNoTimeOrZoneIsRefused() {
        assertThatThrownBy(() -> ScheduleOptions.time("2026-02-30", null))
                .hasMessageContaining("--schedule-time: expected a time such as");
        assertThatThrownBy(() -> ScheduleOptions.time("yesterday", null)).hasMessageContaining("\"yesterday\"");
        assertThatThrownBy(() -> ScheduleOptions.time(null, "Mars"))
                .hasMessageContaining("--schedule-zone: expected a time zone");
    }
}
