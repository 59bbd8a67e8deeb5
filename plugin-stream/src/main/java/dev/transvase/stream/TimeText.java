package dev.transvase.stream;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads dates and times, in the date format of a column or else as PostgreSQL prints them. Days that do not exist are
 * errors; parts that a format leaves out are the first of their kind: January, 1st, midnight.
 */
final class TimeText {

    private static final DateTimeFormatter TIME_OF_DAY = new DateTimeFormatterBuilder()
            .appendPattern("HH:mm[:ss]")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 6, true)
            .optionalEnd()
            .toFormatter(Locale.ROOT);

    private static final DateTimeFormatter DEFAULT = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd")
            .optionalStart()
            .appendPattern("[ ]['T']")
            .append(TIME_OF_DAY)
            .optionalEnd()
            .optionalStart()
            .parseLenient()
            .appendOffset("+HH:mm:ss", "Z")
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private static final DateTimeFormatter DEFAULT_TIME = new DateTimeFormatterBuilder()
            .append(TIME_OF_DAY)
            .optionalStart()
            .parseLenient()
            .appendOffset("+HH:mm:ss", "Z")
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    /** No date takes more; optional parts can be nested deeply, and each takes some of the stack. */
    private static final int LONGEST_PATTERN = 200;

    private final Optional<String> pattern;
    private final ZoneId zone;
    private final DateTimeFormatter formatter;
    private final DateTimeFormatter timeFormatter;

    /**
     * @param pattern the column's {@code dateFormat}
     * @throws IllegalArgumentException when it is none
     */
    TimeText(Optional<String> pattern) {
        this(pattern, ZoneId.systemDefault());
    }

    /** @param zone of texts that say none where one is needed */
    TimeText(Optional<String> pattern, ZoneId zone) {
        this.pattern = pattern;
        this.zone = zone;
        this.formatter = pattern.map(TimeText::compile).orElse(DEFAULT);
        this.timeFormatter = pattern.isPresent() ? formatter : DEFAULT_TIME;
    }

    private static DateTimeFormatter compile(String pattern) {
        if (pattern.length() > LONGEST_PATTERN) {
            throw new IllegalArgumentException("it has more than " + LONGEST_PATTERN + " characters");
        }
        // "yyyy" is a year of an era, which a strict reading will only take together with the era.
        return new DateTimeFormatterBuilder()
                .appendPattern(pattern)
                .parseDefaulting(ChronoField.ERA, 1)
                .toFormatter(Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    /** Whether the column has a format of its own. */
    boolean isCustom() {
        return pattern.isPresent();
    }

    /** A zone in the text is passed over, as PostgreSQL does for this type. */
    LocalDateTime timestamp(String text) {
        return timestamp(text, parse(formatter, text, "yyyy-MM-dd HH:mm:ss"));
    }

    /**
     * A text without a zone is in the machine's, as in the sessions of a database. As there, a time that the clock shows twice is
     * the later one.
     */
    Instant instant(String text) {
        TemporalAccessor parsed = parse(formatter, text, "yyyy-MM-dd HH:mm:ss+00:00");
        if (parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
            return Instant.from(parsed);
        }
        ZoneId own = parsed.query(TemporalQueries.zone());
        return timestamp(text, parsed)
                .atZone(own == null ? zone : own)
                .withLaterOffsetAtOverlap()
                .toInstant();
    }

    LocalDate day(String text) {
        return timestamp(text, parse(formatter, text, "yyyy-MM-dd")).toLocalDate();
    }

    /** Microseconds since midnight; 24:00 is the end of the day. */
    long timeOfDay(String text) {
        String stripped = text.strip();
        if (!isCustom() && (stripped.equals("24:00:00") || stripped.equals("24:00"))) {
            return 86_400_000_000L;
        }
        LocalTime time = parse(timeFormatter, text, "HH:mm:ss").query(TemporalQueries.localTime());
        if (time == null) {
            throw new DateTimeException("\"" + text + "\" has no time of day");
        }
        return time.toNanoOfDay() / 1000;
    }

    /** A text without an offset has that of the machine's zone today. */
    OffsetTime timeWithOffset(String text) {
        TemporalAccessor parsed = parse(DEFAULT_TIME, text, "HH:mm:ss+00:00");
        ZoneOffset offset = parsed.query(TemporalQueries.offset());
        return OffsetTime.of(
                parsed.query(TemporalQueries.localTime()),
                offset == null ? zone.getRules().getOffset(Instant.now()) : offset);
    }

    private TemporalAccessor parse(DateTimeFormatter with, String text, String form) {
        try {
            return with.parse(text.strip());
        } catch (DateTimeException e) {
            throw new DateTimeException(
                    "\"" + text + "\" is not of the form " + pattern.orElse(form)
                            + (e.getCause() instanceof DateTimeException cause ? ": " + cause.getMessage() : ""),
                    e);
        }
    }

    private LocalDateTime timestamp(String text, TemporalAccessor parsed) {
        LocalDate date = parsed.query(TemporalQueries.localDate());
        if (date == null) {
            if (!parsed.isSupported(ChronoField.YEAR)) {
                throw new DateTimeException("\"" + text + "\" has no year");
            }
            int month = parsed.isSupported(ChronoField.MONTH_OF_YEAR) ? parsed.get(ChronoField.MONTH_OF_YEAR) : 1;
            date = LocalDate.of(parsed.get(ChronoField.YEAR), month, 1);
        }
        LocalTime time = parsed.query(TemporalQueries.localTime());
        if (time == null) {
            time = parsed.isSupported(ChronoField.HOUR_OF_DAY)
                    ? LocalTime.of(parsed.get(ChronoField.HOUR_OF_DAY), 0)
                    : LocalTime.MIDNIGHT;
        }
        return date.atTime(time);
    }
}
