package dev.transvase.postgresql.writer.transfer;

import static dev.transvase.postgresql.writer.conversion.BadValueException.OUT_OF_RANGE;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.postgresql.writer.conversion.ArrayElements;
import dev.transvase.postgresql.writer.conversion.BadValueException;
import dev.transvase.postgresql.writer.conversion.MoneyText;
import dev.transvase.postgresql.writer.conversion.OrdinalTexts;
import dev.transvase.postgresql.writer.conversion.Precision;
import dev.transvase.postgresql.writer.conversion.TargetServer;
import dev.transvase.postgresql.writer.conversion.TextChecks;
import dev.transvase.postgresql.writer.conversion.TypeModifier;
import dev.transvase.postgresql.writer.conversion.ValueCheck;
import dev.transvase.postgresql.writer.wire.WireBytes;
import dev.transvase.spi.record.Interval;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
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

    private static final int OID_OID = 26;
    private static final int XID_OID = 28;
    private static final int CID_OID = 29;
    private static final int MONEY_OID = 790;
    private static final long MAX_OID = 0xFFFF_FFFFL;
    private static final int FIRST_WITH_INFINITE_INTERVALS = 17;
    private static final Set<Scalar> NUMBERS =
            EnumSet.of(Scalar.INT16, Scalar.INT32, Scalar.INT64, Scalar.FLOAT32, Scalar.FLOAT64, Scalar.DECIMAL);
    private static final Set<Scalar> TIMES =
            EnumSet.of(Scalar.TIME, Scalar.TIMETZ, Scalar.TIMESTAMP, Scalar.TIMESTAMPTZ);

    private static final int VARCHAR_OID = 1043;
    private static final Pattern VARCHAR = Pattern.compile("character varying\\((\\d+)\\)");
    private static final Pattern PADDED = Pattern.compile("character(?:\\((\\d+)\\))?$|bpchar");
    private static final Pattern MODIFIER = Pattern.compile("\\s*\\(([^)]*)\\)");

    private ValueChecks() {}

    /**
     * The check of values of this column before they go into that one; empty when the target takes or refuses each as a
     * whole.
     *
     * @param server the target's
     */
    static Optional<ValueCheck> of(Schema schema, Column source, PgColumn target, TargetServer server) {
        if (TextRoutes.readsLikeText(schema, source, target)) {
            return isTextThatFits(source, target) ? Optional.empty() : TextChecks.ofValues(target, server);
        }
        if (source.type() instanceof Type.Native from
                && PgTypes.named(from.name()).isEmpty()
                && isDecimal(target)) {
            return TextChecks.ofValues(target, server);
        }
        if (source.type() instanceof Type.Array array) {
            Column element =
                    Column.of(source.name(), array.element()).withDeclaredType(withoutBrackets(source.declaredType()));
            return target.type().isArray()
                    ? of(schema, element, TextChecks.element(target), server)
                            .map(check -> new ArrayElements(element).checked(check))
                    : Optional.empty();
        }
        return source.type() instanceof Scalar scalar ? scalar(source, scalar, target, server) : Optional.empty();
    }

    /** Whether the column has numbers, or arrays of them: one of {@code numeric(9,-2)} rounds whole numbers, too. */
    private static boolean isDecimal(PgColumn target) {
        Type type = PgTypes.spiType(target.type());
        return type == Scalar.DECIMAL || type.equals(new Type.Array(Scalar.DECIMAL));
    }

    private static Optional<ValueCheck> scalar(Column source, Scalar from, PgColumn target, TargetServer server) {
        PgType type = target.type().effective();
        Type to = PgTypes.spiType(type);
        String declared = target.declaredType();
        if (NUMBERS.contains(from)) {
            return number(source, from, target, type, to);
        }
        if (from == Scalar.TIME && to == Scalar.TIMETZ && !server.keepsItsOffset()) {
            return Optional.of((cursor, column) -> {
                throw TextChecks.dependsOnTheDay(cursor.getText(column), server);
            });
        }
        if (TIMES.contains(from) && to instanceof Scalar scalar && TIMES.contains(scalar)) {
            int digits = target.typmod();
            return digits >= 0 && digits < TypeModifier.MAX_SECOND_DIGITS && scale(source.declaredType()) > digits
                    ? Optional.of(secondDigits(from, digits, declared))
                    : Optional.empty();
        }
        if (from == Scalar.TIME && to == Scalar.INTERVAL) {
            return target.typmod() < 0 ? Optional.empty() : Optional.of(timeAsInterval(target, declared));
        }
        return from == Scalar.INTERVAL && to == Scalar.INTERVAL
                ? interval(source, target, declared, server.major())
                : Optional.empty();
    }

    private static Optional<ValueCheck> number(Column source, Scalar from, PgColumn target, PgType type, Type to) {
        if (type.oid() == MONEY_OID) {
            int places = MoneyText.decimalPlaces(type.parts().detail());
            return Optional.of(decimalPlaces(from, places, "money"));
        }
        if (OrdinalTexts.isOid8(type)) {
            return Optional.of((cursor, column) -> OrdinalTexts.checkOid8(cursor.getText(column)));
        }
        if (type.oid() == OID_OID || type.oid() == XID_OID || type.oid() == CID_OID) {
            return Optional.of((cursor, column) -> {
                long value = cursor.getLong(column);
                if (value < 0 || value > MAX_OID) {
                    throw new BadValueException(OUT_OF_RANGE, "value " + value + " is out of range for " + type.name());
                }
            });
        }
        return to == Scalar.DECIMAL && roundsDecimals(source, target)
                ? Optional.of(decimalPlaces(from, TypeModifier.numericScale(target.typmod()), target.declaredType()))
                : Optional.empty();
    }

    /** Whether a text is never too long, or has no spaces at its end but those that pad it. */
    private static boolean isTextThatFits(Column source, PgColumn target) {
        boolean text = source.type() == Scalar.TEXT && target.type().effective().oid() == VARCHAR_OID;
        Matcher matcher = VARCHAR.matcher(source.declaredType());
        return text
                && (isPadded(source)
                        || (matcher.lookingAt()
                                && Integer.parseInt(matcher.group(1)) <= TypeModifier.characters(target.typmod())));
    }

    /** Whether the column is a {@code char(n)}. */
    private static boolean isPadded(Column source) {
        return PADDED.matcher(source.declaredType()).lookingAt();
    }

    /** Whether the spaces that pad a {@code char(n)} may have no room in the target: then it goes without them. */
    static boolean hasNoRoomForPadding(Column source, PgColumn target) {
        Matcher characters = PADDED.matcher(source.declaredType());
        int limit = TypeModifier.characters(target.typmod());
        return source.type() == Scalar.TEXT
                && target.type().effective().oid() == VARCHAR_OID
                && limit >= 0
                && characters.lookingAt()
                && (characters.group(1) == null || Integer.parseInt(characters.group(1)) > limit);
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

    /** Refuses numbers with other digits than 0 after this many decimal places. */
    static ValueCheck decimalPlaces(Scalar from, int scale, String declared) {
        return (cursor, column) -> {
            Optional<BigDecimal> value = number(from, cursor, column);
            if (value.isPresent() && Precision.hasMoreDecimals(value.get(), scale)) {
                throw Precision.losesDigits(cursor.getText(column), declared);
            }
        };
    }

    /** The number; empty when it is not finite. */
    private static Optional<BigDecimal> number(Scalar from, RecordCursor cursor, int column) {
        return switch (from) {
            case DECIMAL -> cursor.isFinite(column) ? Optional.of(cursor.getDecimal(column)) : Optional.empty();
            case FLOAT32, FLOAT64 ->
                cursor.isFinite(column) ? Optional.of(new BigDecimal(cursor.getText(column))) : Optional.empty();
            default -> Optional.of(BigDecimal.valueOf(cursor.getLong(column)));
        };
    }

    private static ValueCheck secondDigits(Scalar from, int digits, String declared) {
        long unit = Precision.unit(digits);
        boolean maybeInfinite = from == Scalar.TIMESTAMP || from == Scalar.TIMESTAMPTZ;
        return (cursor, column) -> {
            if (maybeInfinite && !cursor.isFinite(column)) {
                return;
            }
            long micros = maybeInfinite ? WireBytes.getLong(cursor.getBytes(column), 0) : cursor.getMicrosOfDay(column);
            if (micros % unit != 0) {
                throw Precision.losesSeconds(cursor.getText(column), declared);
            }
        };
    }

    private static Optional<ValueCheck> interval(Column source, PgColumn target, String declared, int major) {
        boolean anyModifier = target.typmod() >= 0 && !source.declaredType().equals(declared);
        boolean refusesInfinity = major < FIRST_WITH_INFINITE_INTERVALS;
        if (!anyModifier && !refusesInfinity) {
            return Optional.empty();
        }
        TypeModifier.IntervalField field = TypeModifier.intervalField(target.typmod());
        int digits = TypeModifier.intervalDigits(target.typmod());
        return Optional.of((cursor, column) -> {
            Interval value = cursor.getInterval(column);
            if (isInfinite(value)) {
                if (refusesInfinity) {
                    throw new BadValueException(
                            OUT_OF_RANGE,
                            "value " + cursor.getText(column) + " is out of range for interval before PostgreSQL "
                                    + FIRST_WITH_INFINITE_INTERVALS);
                }
            } else if (anyModifier && !Precision.keeps(value, field, digits)) {
                throw Precision.losesSeconds(cursor.getText(column), declared);
            }
        });
    }

    private static ValueCheck timeAsInterval(PgColumn target, String declared) {
        TypeModifier.IntervalField field = TypeModifier.intervalField(target.typmod());
        int digits = TypeModifier.intervalDigits(target.typmod());
        return (cursor, column) -> {
            if (!Precision.keeps(new Interval(0, 0, cursor.getMicrosOfDay(column)), field, digits)) {
                throw Precision.losesSeconds(cursor.getText(column), declared);
            }
        };
    }

    private static boolean isInfinite(Interval value) {
        return value.equals(new Interval(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE))
                || value.equals(new Interval(Integer.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE));
    }

    private static String withoutBrackets(String declaredType) {
        return declaredType.replace("[]", "");
    }

    /** The digits after the point that a declaration allows. */
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
