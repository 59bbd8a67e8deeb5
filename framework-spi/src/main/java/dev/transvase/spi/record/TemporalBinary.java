package dev.transvase.spi.record;

import dev.transvase.spi.table.Type;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Dates and times between {@code java.time} and their binary form. */
final class TemporalBinary {

    private static final int EPOCH_DAY_OF_2000 = 10_957;
    private static final long EPOCH_SECOND_OF_2000 = EPOCH_DAY_OF_2000 * 86_400L;

    /** 4714-11-24 BC, the first day of the Julian calendar, and the last day that the server takes, in 5874897. */
    private static final int MIN_DATE = -2_451_545;

    private static final int MAX_DATE = 2_145_031_948;

    /** The start of the same first day, and of the first day of 294277 that is no timestamp any more. */
    private static final long MIN_TIMESTAMP = MIN_DATE * CalendarText.MICROS_PER_DAY;

    private static final long TIMESTAMP_LIMIT = 9_223_371_331_200_000_000L;

    /** The server takes no offset of sixteen hours or more. */
    private static final int OFFSET_LIMIT = 16 * 3600;

    private TemporalBinary() {}

    /** The length of a value of this date or time type in bytes. */
    static int length(Type.Scalar type) {
        return switch (type) {
            case DATE -> 4;
            case TIME, TIMESTAMP, TIMESTAMPTZ -> 8;
            case TIMETZ -> 12;
            case INTERVAL -> 16;
            default -> throw new IllegalArgumentException(type + " is not a date or time type");
        };
    }

    static int days(LocalDate date) {
        long days = date.toEpochDay() - EPOCH_DAY_OF_2000;
        if (days < MIN_DATE || days > MAX_DATE) {
            throw new ArithmeticException(date + " is out of PostgreSQL's range for dates");
        }
        return (int) days;
    }

    static LocalDate date(int days) {
        return LocalDate.ofEpochDay((long) days + EPOCH_DAY_OF_2000);
    }

    static long micros(LocalDateTime timestamp) {
        return micros(timestamp.toInstant(ZoneOffset.UTC));
    }

    static long micros(Instant instant) {
        int nanos = instant.getNano();
        if (nanos % 1000 != 0) {
            throw new ArithmeticException(instant + " has parts of a microsecond, which PostgreSQL does not keep");
        }
        long seconds = instant.getEpochSecond() - EPOCH_SECOND_OF_2000;
        if (seconds < MIN_TIMESTAMP / CalendarText.MICROS_PER_SECOND
                || seconds >= TIMESTAMP_LIMIT / CalendarText.MICROS_PER_SECOND) {
            throw new ArithmeticException(instant + " is out of PostgreSQL's range for timestamps");
        }
        return seconds * CalendarText.MICROS_PER_SECOND + nanos / 1000;
    }

    static LocalDateTime timestamp(long micros) {
        return LocalDateTime.ofEpochSecond(epochSecond(micros), nanos(micros), ZoneOffset.UTC);
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(epochSecond(micros), nanos(micros));
    }

    private static long epochSecond(long micros) {
        return Math.floorDiv(micros, CalendarText.MICROS_PER_SECOND) + EPOCH_SECOND_OF_2000;
    }

    private static int nanos(long micros) {
        return (int) Math.floorMod(micros, CalendarText.MICROS_PER_SECOND) * 1000;
    }

    static long checkedMicrosOfDay(long micros) {
        if (micros < 0 || micros > CalendarText.MICROS_PER_DAY) {
            throw new ArithmeticException(
                    micros + " microseconds is not a time of day: 0 to " + CalendarText.MICROS_PER_DAY);
        }
        return micros;
    }

    /** Turns seconds east of UTC into seconds west of it. */
    static int checkedSecondsWest(int secondsEast) {
        if (Math.abs((long) secondsEast) >= OFFSET_LIMIT) {
            throw new ArithmeticException("an offset of " + secondsEast
                    + " seconds from UTC is out of PostgreSQL's range: less than " + OFFSET_LIMIT);
        }
        return -secondsEast;
    }

    /** Of a TIME or TIMETZ value. */
    static long microsOfDay(byte[] data, int at) {
        long micros = NetworkOrder.getLong(data, at);
        if (micros < 0 || micros > CalendarText.MICROS_PER_DAY) {
            throw new MalformedValueException(micros + " microseconds is not a time of day");
        }
        return micros;
    }

    /** Of a TIMETZ value. */
    static int secondsWest(byte[] data, int at) {
        int seconds = NetworkOrder.getInt(data, at + 8);
        if (Math.abs((long) seconds) >= OFFSET_LIMIT) {
            throw new MalformedValueException(seconds + " seconds is not an offset from UTC");
        }
        return seconds;
    }
}
