package dev.transvase.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTimeTest {

    private static final ScheduleTime SCHEDULE = new ScheduleTime(LocalDateTime.of(2026, 3, 1, 0, 30, 5));

    @ParameterizedTest
    @CsvSource({"bizdate, 20260228", "bizmonth, 202602", "cyctime, 20260301003005", "gmtdate, 20260301"})
    void namesStandForATime(String name, String value) {
        assertThat(SCHEDULE.named(name)).hasValue(value);
        assertThat(SCHEDULE.inBraces(name)).hasValue(value);
    }

    @Test
    void aMonthThatHasOnlyBegunIsNotTheOneOfTheData() {
        assertThat(new ScheduleTime(LocalDateTime.of(2026, 3, 2, 0, 0)).named("bizmonth"))
                .hasValue("202602");
        assertThat(new ScheduleTime(LocalDateTime.of(2026, 1, 2, 0, 0)).named("bizmonth"))
                .hasValue("202512");
    }

    @ParameterizedTest
    @CsvSource({
        "yyyymmdd, 20260228",
        "yyyy-mm-dd, 2026-02-28",
        "yyyymmdd-1, 20260227",
        "yyyymmdd + 2, 20260302",
        "yyyymm-2, 202512",
        "yyyy-1, 2025",
        "mm, 02",
    })
    void bracesCountFromTheDataTimestamp(String content, String value) {
        assertThat(SCHEDULE.inBraces(content)).hasValue(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "yyyymmdd; 20260301",
                "yyyymmdd-1; 20260228",
                "yyyy-mm-dd hh24:mi:ss-1/24; 2026-02-28 23:30:05",
                "hh24miss+15/24/60; 004505",
                "yyyymmddhh24miss-7*2; 20260215003005",
                "hh12:mi; 12:30",
                "add_months(yyyymmdd,-1); 20260201",
                "add_months( yyyymm , 12*2 ); 202803",
                "add_months(yyyymmdd,-12*1); 20250301",
                "add_months(yyyymmdd,-1)-1; 20260131",
            })
    void bracketsCountFromTheTimeItself(String content, String value) {
        assertThat(SCHEDULE.inBrackets(content)).hasValue(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "*", "a", "yyyymmdd-", "day", "yyyymmdd-1/0", "add_months(1,2)", "1-yyyy", "yyyy; drop"
            })
    void allElseIsLeftAlone(String content) {
        assertThat(SCHEDULE.inBrackets(content)).isEmpty();
        assertThat(SCHEDULE.inBraces(content)).isEmpty();
    }
}
