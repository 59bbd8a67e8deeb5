package dev.sluice.postgresql.writer;

import static dev.sluice.postgresql.writer.BadValueException.INVALID_DATE;
import static dev.sluice.postgresql.writer.BadValueException.OUT_OF_RANGE;

import dev.sluice.postgresql.PgColumn;
import dev.sluice.postgresql.PgTypes;
import dev.sluice.spi.Column;
import dev.sluice.spi.Interval;
import dev.sluice.spi.RecordCursor;
import dev.sluice.spi.Type;
import dev.sluice.spi.Type.Scalar;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the check for a column where the server would take some values silently rounded or cut: decimals and seconds with
 * more digits than declared, cents of cents, fields that an interval leaves out, and intervals without end before version 17.
 */
final class ValueChecks {

    private static final int MONEY_OID = 790;
    private static final int MONEY_SCALE = 2;
    private static final int FIRST_WITH_INFINITE_INTERVALS = 17;
    private static final int MICROS_DIGITS = TypeModifier.MAX_SECOND_DIGITS;

    private static final long MICROS_PER_MINUTE = 60_000_000L;
    private static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;
    private static final int MONTHS_PER_YEAR = 12;

    private static final Set<Scalar> NUMBERS = EnumSet.of(
            Scalar.INT16, Scalar.INT32, Scalar.INT64, Scalar.FLOAT32, Scalar.FLOAT64, Scalar.DECIMAL, Scalar.TEXT);
    private static final Set<Scalar> TIMES =
            EnumSet.of(Scalar.TIME, Scalar.TIMETZ, Scalar.TIMESTAMP, Scalar.TIMESTAMPTZ);

    private static final Pattern MODIFIER = Pattern.compile("\\s*\\(([^)]*)\\)");

    private ValueChecks() {}

    /**
     * The check of values of this column before they go into that one; empty when the target takes or refuses each as a
     * whole.
     *
     * @param major the target's
     */
    static Optional<ValueCheck> of(Column source, PgColumn target, int major) {
        Type to = PgTypes.spiType(target.type());
        if (source.type() instanceof Type.Array from) {
            Column element = new Column(
                    source.name(),
                    from.element(),
                    true,
                    withoutBrackets(source.declaredType()),
                    Column.Encoding.STANDARD);
            return to instanceof Type.Array array
                    ? scalar(element, target, array.element(), major)
                            .map(check -> new ArrayElements(element).checked(check))
                    : Optional.empty();
        }
        boolean money = target.type().effective().oid() == MONEY_OID;
        if (money && source.type() instanceof Scalar from) {
            return NUMBERS.contains(from) ? Optional.of(decimalPlaces(from, MONEY_SCALE, "money")) : Optional.empty();
        }
        return to instanceof Scalar scalar ? scalar(source, target, scalar, major) : Optional.empty();
    }

    private static Optional<ValueCheck> scalar(Column source, PgColumn target, Scalar to, int major) {
        if (!(source.type() instanceof Scalar from)) {
            return Optional.empty();
        }
        String declared = withoutBrackets(target.declaredType());
        if (from == Scalar.TEXT) {
            return TextChecks.of(source, target, to, declared);
        }
        if (to == Scalar.DECIMAL && NUMBERS.contains(from)) {
            return roundsDecimals(source, target)
                    ? Optional.of(decimalPlaces(from, TypeModifier.numericScale(target.typmod()), declared))
                    : Optional.empty();
        }
        if (TIMES.contains(from) && TIMES.contains(to)) {
            int digits = target.typmod();
            return digits >= 0 && digits < MICROS_DIGITS && scale(source.declaredType()) > digits
                    ? Optional.of(secondDigits(from, digits, declared))
                    : Optional.empty();
        }
        return from == Scalar.INTERVAL && to == Scalar.INTERVAL
                ? interval(source, target, declared, major)
                : Optional.empty();
    }

    private static boolean roundsDecimals(Column source, PgColumn target) {
        if (target.typmod() < 0) {
            return false;
        }
        int kept = TypeModifier.numericScale(target.typmod());
        return switch ((Scalar) source.type()) {
            case INT16, INT32, INT64 -> kept < 0;
            case DECIMAL -> scale(source.declaredType()) > kept;
            default -> true;
        };
    }

    /** Refuses numbers with other digits than 0 behind so many decimal places. */
    static ValueCheck decimalPlaces(Scalar from, int scale, String declared) {
        return (cursor, column) -> {
            Optional<BigDecimal> value = number(from, cursor, column);
            if (value.isPresent()
                    && value.get().scale() > scale
                    && value.get().stripTrailingZeros().scale() > scale) {
                throw losesDigits(TextChecks.text(cursor, column, from), declared);
            }
        };
    }

    /** The number; empty when it is not finite, or a text that the server may read but this does not. */
    private static Optional<BigDecimal> number(Scalar from, RecordCursor cursor, int column) {
        return switch (from) {
            case DECIMAL -> cursor.isFinite(column) ? Optional.of(cursor.getDecimal(column)) : Optional.empty();
            case FLOAT32, FLOAT64 ->
                cursor.isFinite(column) ? Optional.of(new BigDecimal(cursor.getText(column))) : Optional.empty();
            case TEXT -> TextChecks.number(TextChecks.text(cursor, column));
            default -> Optional.of(BigDecimal.valueOf(cursor.getLong(column)));
        };
    }

    private static ValueCheck secondDigits(Scalar from, int digits, String declared) {
        long unit = unit(digits);
        boolean maybeInfinite = from == Scalar.TIMESTAMP || from == Scalar.TIMESTAMPTZ;
        return (cursor, column) -> {
            if (maybeInfinite && !cursor.isFinite(column)) {
                return;
            }
            long micros = maybeInfinite ? WireBytes.getLong(cursor.getBytes(column), 0) : cursor.getMicrosOfDay(column);
            if (micros % unit != 0) {
                throw losesSeconds(cursor.getText(column), declared);
            }
        };
    }

    /** Of so many digits behind the second the last one, in microseconds. */
    private static long unit(int digits) {
        return BigDecimal.ONE.scaleByPowerOfTen(MICROS_DIGITS - digits).longValueExact();
    }

    private static Optional<ValueCheck> interval(Column source, PgColumn target, String declared, int major) {
        boolean anyModifier =
                target.typmod() >= 0 && !withoutBrackets(source.declaredType()).equals(declared);
        boolean refusesInfinity = major < FIRST_WITH_INFINITE_INTERVALS;
        if (!anyModifier && !refusesInfinity) {
            return Optional.empty();
        }
        TypeModifier.IntervalField field = TypeModifier.intervalField(target.typmod());
        long unit = unit(TypeModifier.intervalDigits(target.typmod()));
        return Optional.of((cursor, column) -> {
            Interval value = cursor.getInterval(column);
            if (isInfinite(value)) {
                if (refusesInfinity) {
                    throw new BadValueException(
                            OUT_OF_RANGE,
                            "value " + cursor.getText(column) + " is out of range for interval before PostgreSQL "
                                    + FIRST_WITH_INFINITE_INTERVALS);
                }
            } else if (anyModifier && !keeps(value, field, unit)) {
                throw losesSeconds(cursor.getText(column), declared);
            }
        });
    }

    private static boolean isInfinite(Interval value) {
        return value.equals(new Interval(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE))
                || value.equals(new Interval(Integer.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE));
    }

    private static boolean keeps(Interval value, TypeModifier.IntervalField field, long unit) {
        return switch (field) {
            case SECOND -> value.micros() % unit == 0;
            case MINUTE -> value.micros() % MICROS_PER_MINUTE == 0;
            case HOUR -> value.micros() % MICROS_PER_HOUR == 0;
            case DAY -> value.micros() == 0;
            case MONTH -> value.micros() == 0 && value.days() == 0;
            case YEAR -> value.micros() == 0 && value.days() == 0 && value.months() % MONTHS_PER_YEAR == 0;
        };
    }

    static BadValueException losesDigits(String value, String declared) {
        return new BadValueException(
                OUT_OF_RANGE, "value " + Conversions.shown(value) + " has more digits than " + declared + " keeps");
    }

    static BadValueException losesSeconds(String value, String declared) {
        return new BadValueException(
                INVALID_DATE, "value " + Conversions.shown(value) + " is more precise than " + declared + " keeps");
    }

    private static String withoutBrackets(String declaredType) {
        return declaredType.replace("[]", "");
    }

    /** The digits behind the point that a declaration allows. */
    private static int scale(String declaredType) {
        Matcher modifier = MODIFIER.matcher(declaredType);
        if (!modifier.find()) {
            return Integer.MAX_VALUE;
        }
        String[] numbers = modifier.group(1).split(",", -1);
        if (declaredType.startsWith("numeric") && numbers.length == 1) {
            return 0;
        }
        return Integer.parseInt(numbers[numbers.length - 1].strip());
    }
}
