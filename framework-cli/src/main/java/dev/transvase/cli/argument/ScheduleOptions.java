package dev.transvase.cli.argument;

import static dev.transvase.spi.error.CommonErrors.INVALID_OPTION;

import dev.transvase.core.job.ScheduleTime;
import dev.transvase.spi.error.TransvaseException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/** Reads {@code --schedule-time} and {@code --schedule-zone}. */
final class ScheduleOptions {

    private static final DateTimeFormatter SEPARATED = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("[' ']['T']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffset("+HH:mm", "Z")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    /** As DataWorks prints it. */
    private static final DateTimeFormatter DIGITS =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    private ScheduleOptions() {}

    /**
     * When the run is scheduled.
     *
     * @param time with or without an offset, or a date; {@code null}: now
     * @param zone in which the variables are printed; {@code null}: the system's
     * @throws TransvaseException USER when one of them is not what it should be
     */
    static ScheduleTime time(String time, String zone) {
        ZoneId in = zone == null ? ZoneId.systemDefault() : zone(zone);
        return new ScheduleTime(time == null ? LocalDateTime.now(in) : time(time.strip(), in));
    }

    private static ZoneId zone(String zone) {
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw TransvaseException.of(
                    INVALID_OPTION,
                    "--schedule-zone: expected a time zone such as Asia/Shanghai or +08:00, found \"" + zone + "\"",
                    e);
        }
    }

    private static LocalDateTime time(String time, ZoneId zone) {
        try {
            if (time.matches("\\d{14}")) {
                return LocalDateTime.parse(time, DIGITS);
            }
            if (time.matches("\\d{8}")) {
                return LocalDate.parse(time, DateTimeFormatter.BASIC_ISO_DATE).atStartOfDay();
            }
            TemporalAccessor read =
                    SEPARATED.parseBest(time, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            if (read instanceof OffsetDateTime moment) {
                return moment.atZoneSameInstant(zone).toLocalDateTime();
            }
            return read instanceof LocalDate day ? day.atStartOfDay() : LocalDateTime.from(read);
        } catch (DateTimeException e) {
            throw TransvaseException.of(
                    INVALID_OPTION,
                    "--schedule-time: expected a time such as \"2026-01-31 00:30:00\", found \"" + time + "\"",
                    e);
        }
    }
}
