package dev.transvase.postgresql.writer.conversion;

import static dev.transvase.postgresql.writer.conversion.BadValueException.INVALID_DATE;
import static dev.transvase.postgresql.writer.conversion.BadValueException.OUT_OF_RANGE;

import dev.transvase.spi.record.Interval;
import java.math.BigDecimal;

/** How much of a number or a time a column keeps as it is declared, and what is said of a value with more. */
public final class Precision {

    private static final int MICROS_DIGITS = TypeModifier.MAX_SECOND_DIGITS;

    private static final long MICROS_PER_MINUTE = 60_000_000L;
    private static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;
    private static final int MONTHS_PER_YEAR = 12;

    private Precision() {}

    /** Whether there are other digits than 0 behind this many decimal places. */
    public static boolean hasMoreDecimals(BigDecimal value, int scale) {
        return value.scale() > scale && value.stripTrailingZeros().scale() > scale;
    }

    /** The last of this many digits after the second, in microseconds. */
    public static long unit(int digits) {
        return BigDecimal.ONE.scaleByPowerOfTen(MICROS_DIGITS - digits).longValueExact();
    }

    /**
     * Whether nothing of an interval is lost in a column that ends with this field.
     *
     * @param digits how many of a second's decimal places are kept
     */
    public static boolean keeps(Interval value, TypeModifier.IntervalField field, int digits) {
        return switch (field) {
            case SECOND -> value.micros() % unit(digits) == 0;
            case MINUTE -> value.micros() % MICROS_PER_MINUTE == 0;
            case HOUR -> value.micros() % MICROS_PER_HOUR == 0;
            case DAY -> value.micros() == 0;
            case MONTH -> value.micros() == 0 && value.days() == 0;
            case YEAR -> value.micros() == 0 && value.days() == 0 && value.months() % MONTHS_PER_YEAR == 0;
        };
    }

    public static BadValueException losesDigits(String value, String declared) {
        return new BadValueException(
                OUT_OF_RANGE, "value " + Conversions.shown(value) + " has more digits than " + declared + " keeps");
    }

    public static BadValueException losesSeconds(String value, String declared) {
        return new BadValueException(
                INVALID_DATE, "value " + Conversions.shown(value) + " is more precise than " + declared + " keeps");
    }
}
