package dev.transvase.spi.record;

import static dev.transvase.spi.record.TestingRecords.bytes;
import static dev.transvase.spi.record.TestingRecords.one;
import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.table.Type;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CalendarTextTest {

    @Test
    void printsDates() {
        assertThat(date(LocalDate.of(2024, 2, 29))).isEqualTo("2024-02-29");
        assertThat(date(LocalDate.of(1, 1, 1))).isEqualTo("0001-01-01");
        assertThat(date(LocalDate.of(0, 12, 31))).isEqualTo("0001-12-31 BC");
        assertThat(date(LocalDate.of(-43, 3, 15))).isEqualTo("0044-03-15 BC");
        assertThat(date(LocalDate.of(-4713, 11, 24))).isEqualTo("4714-11-24 BC");
        assertThat(date(LocalDate.of(10_000, 1, 1))).isEqualTo("10000-01-01");
        assertThat(date(LocalDate.of(5_874_897, 12, 31))).isEqualTo("5874897-12-31");
        assertThat(bytes(Type.Scalar.DATE, "7fffffff").getText(0)).isEqualTo("infinity");
        assertThat(bytes(Type.Scalar.DATE, "80000000").getText(0)).isEqualTo("-infinity");
    }

    @Test
    void printsEveryDayOfFourHundredYears() {
        for (LocalDate day = LocalDate.of(1800, 1, 1); day.getYear() < 2201; day = day.plusDays(1)) {
            assertThat(date(day)).isEqualTo(day.toString());
        }
    }

    @Test
    void printsTimestamps() {
        assertThat(timestamp(LocalDateTime.of(2000, 1, 1, 0, 0))).isEqualTo("2000-01-01 00:00:00");
        assertThat(timestamp(LocalDateTime.of(1999, 12, 31, 23, 59, 59, 999_999_000)))
                .isEqualTo("1999-12-31 23:59:59.999999");
        assertThat(timestamp(LocalDateTime.of(2020, 5, 6, 7, 8, 9, 120_000_000)))
                .isEqualTo("2020-05-06 07:08:09.12");
        assertThat(timestamp(LocalDateTime.of(2020, 5, 6, 7, 8, 9, 1_000))).isEqualTo("2020-05-06 07:08:09.000001");
        assertThat(timestamp(LocalDateTime.of(-43, 3, 15, 12, 0))).isEqualTo("0044-03-15 12:00:00 BC");
        assertThat(timestamp(LocalDateTime.of(294_276, 12, 31, 23, 59))).isEqualTo("294276-12-31 23:59:00");
        assertThat(bytes(Type.Scalar.TIMESTAMP, "7fffffffffffffff").getText(0)).isEqualTo("infinity");
        assertThat(bytes(Type.Scalar.TIMESTAMPTZ, "8000000000000000").getText(0))
                .isEqualTo("-infinity");
    }

    @Test
    void printsTimestampsWithZone() {
        assertThat(instant(LocalDateTime.of(2020, 5, 6, 7, 8, 9, 500_000_000))).isEqualTo("2020-05-06 07:08:09.5+00");
        assertThat(instant(LocalDateTime.of(-43, 3, 15, 12, 0))).isEqualTo("0044-03-15 12:00:00+00 BC");
    }

    @Test
    void randomTimestampsAgreeWithThePlatform() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            long second = random.nextInt() * 20L;
            LocalDateTime value =
                    LocalDateTime.ofEpochSecond(second, 1_000 * (1 + random.nextInt(999_999)), ZoneOffset.UTC);
            String platform = value.toString().replace('T', ' ').replaceAll("0+$", "");
            assertThat(timestamp(value)).isEqualTo(platform);
        }
    }

    @Test
    void printsTimes() {
        assertThat(one(Type.Scalar.TIME, b -> b.appendTime(0)).getText(0)).isEqualTo("00:00:00");
        assertThat(one(Type.Scalar.TIME, b -> b.appendTime(86_400_000_000L)).getText(0))
                .isEqualTo("24:00:00");
        assertThat(one(Type.Scalar.TIME, b -> b.appendTime(3_723_000_100L)).getText(0))
                .isEqualTo("01:02:03.0001");
    }

    @Test
    void printsTimesWithZone() {
        assertThat(timeTz(0)).isEqualTo("00:00:01+00");
        assertThat(timeTz(7_200)).isEqualTo("00:00:01+02");
        assertThat(timeTz(-3 * 3600)).isEqualTo("00:00:01-03");
        assertThat(timeTz(5 * 3600 + 1800)).isEqualTo("00:00:01+05:30");
        assertThat(timeTz(-30)).isEqualTo("00:00:01-00:00:30");
        assertThat(timeTz(57_599)).isEqualTo("00:00:01+15:59:59");
    }

    @Test
    void printsIntervals() {
        assertThat(interval(0, 0, 0)).isEqualTo("00:00:00");
        assertThat(interval(14, 3, 14_706_789_000L)).isEqualTo("1 year 2 mons 3 days 04:05:06.789");
        assertThat(interval(1, 1, 0)).isEqualTo("1 mon 1 day");
        assertThat(interval(-13, 1, 3_600_000_000L)).isEqualTo("-1 years -1 mons +1 day 01:00:00");
        assertThat(interval(0, 1, -1_000_000)).isEqualTo("1 day -00:00:01");
        assertThat(interval(0, -1, 3_600_000_000L)).isEqualTo("-1 days +01:00:00");
        assertThat(interval(0, 0, -500_000)).isEqualTo("-00:00:00.5");
        assertThat(interval(0, 0, 360_000_000_000L)).isEqualTo("100:00:00");
        assertThat(interval(Integer.MIN_VALUE, Integer.MIN_VALUE, 0))
                .isEqualTo("-178956970 years -8 mons -2147483648 days");
        assertThat(interval(0, 0, Long.MIN_VALUE)).isEqualTo("-2562047788:00:54.775808");
        assertThat(interval(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE))
                .isEqualTo("infinity");
        assertThat(interval(Integer.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE))
                .isEqualTo("-infinity");
    }

    private static String date(LocalDate value) {
        return one(Type.Scalar.DATE, b -> b.appendDate(value)).getText(0);
    }

    private static String timestamp(LocalDateTime value) {
        return one(Type.Scalar.TIMESTAMP, b -> b.appendTimestamp(value)).getText(0);
    }

    private static String instant(LocalDateTime value) {
        Instant instant = value.toInstant(ZoneOffset.UTC);
        return one(Type.Scalar.TIMESTAMPTZ, b -> b.appendInstant(instant)).getText(0);
    }

    private static String timeTz(int offsetSeconds) {
        return one(Type.Scalar.TIMETZ, b -> b.appendTimeTz(1_000_000, offsetSeconds))
                .getText(0);
    }

    private static String interval(int months, int days, long micros) {
        return one(Type.Scalar.INTERVAL, b -> b.appendInterval(new Interval(months, days, micros)))
                .getText(0);
    }
}
