package dev.transvase.postgresql.writer.conversion;

import static dev.transvase.postgresql.writer.conversion.BadValueException.INVALID_DATE;
import static dev.transvase.postgresql.writer.conversion.BadValueException.OUT_OF_RANGE;
import static dev.transvase.postgresql.writer.conversion.BadValueException.TOO_LONG;

import dev.transvase.postgresql.writer.wire.WireBytes;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordCursor;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Optional;

/** The conversions between scalar types that keep a value or say that they cannot. */
public final class Conversions {

    /** The longest {@code name} in bytes. */
    private static final int NAME_BYTES = 63;

    private static final long FLOAT32_EXACT = 1L << 24;
    private static final long FLOAT64_EXACT = 1L << 53;

    private Conversions() {}

    /** The conversion between these types; empty when there is none. */
    public static Optional<Conversion> between(Type from, Scalar to) {
        if (to == Scalar.TEXT) {
            return Optional.of(from == Scalar.BOOL ? Conversions::boolToText : Conversions::toText);
        }
        if (!(from instanceof Scalar scalar)) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                switch (scalar) {
                    case BOOL -> fromBool(to);
                    case INT16, INT32, INT64 -> fromInteger(to);
                    case FLOAT32, FLOAT64 -> fromFloat(to);
                    case DECIMAL -> fromDecimal(to);
                    case TEXT, JSON, JSONB -> fromText(to);
                    case DATE -> fromDate(to);
                    case TIMESTAMP -> fromTimestamp(to);
                    default -> null;
                });
    }

    /** Text into {@code name}, which would be cut off silently. */
    public static Conversion toName() {
        return (from, column, to) -> {
            String text = from.getText(column);
            if (text.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
                throw new BadValueException(
                        TOO_LONG, "value " + shown(text) + " is longer than " + NAME_BYTES + " bytes");
            }
            to.appendText(text);
        };
    }

    /** Text without the spaces at its end. */
    public static Conversion withoutPadding() {
        return (from, column, to) -> to.appendText(TextChecks.withoutSpaces(TextChecks.text(from, column)));
    }

    /** An array whose elements are laid out the same but have another OID. */
    public static Conversion withElementOid(int elementOid) {
        return (from, column, to) -> {
            byte[] value = from.getBytes(column);
            WireBytes.putInt(value, WireBytes.ARRAY_ELEMENT_OID, elementOid);
            to.appendEncoded(value, 0, value.length);
        };
    }

    private static Conversion fromBool(Scalar to) {
        return switch (to) {
            case INT16, INT32, INT64 -> (from, column, out) -> out.appendLong(from.getBoolean(column) ? 1 : 0);
            default -> null;
        };
    }

    private static Conversion fromInteger(Scalar to) {
        return switch (to) {
            case INT16 -> (from, column, out) -> appendInteger(from.getLong(column), to, out);
            case INT32 -> (from, column, out) -> appendInteger(from.getLong(column), to, out);
            case INT64 -> (from, column, out) -> out.appendLong(from.getLong(column));
            case DECIMAL -> (from, column, out) -> out.appendDecimal(BigDecimal.valueOf(from.getLong(column)));
            case FLOAT32 -> (from, column, out) -> appendExact(from.getLong(column), FLOAT32_EXACT, to, out);
            case FLOAT64 -> (from, column, out) -> appendExact(from.getLong(column), FLOAT64_EXACT, to, out);
            case BOOL -> Conversions::integerToBool;
            default -> null;
        };
    }

    private static Conversion fromFloat(Scalar to) {
        return switch (to) {
            case INT16, INT32, INT64 ->
                (from, column, out) -> {
                    requireFinite(from, column, to);
                    appendInteger(BigDecimal.valueOf(from.getDouble(column)), to, out);
                };
            case FLOAT32 -> Conversions::toFloat32;
            case FLOAT64 -> (from, column, out) -> out.appendDouble(from.getDouble(column));
            case DECIMAL -> Conversions::floatToDecimal;
            default -> null;
        };
    }

    private static Conversion fromDecimal(Scalar to) {
        return switch (to) {
            case INT16, INT32, INT64 ->
                (from, column, out) -> {
                    requireFinite(from, column, to);
                    appendInteger(from.getDecimal(column), to, out);
                };
            case FLOAT32, FLOAT64 -> (from, column, out) -> decimalToFloat(from, column, to, out);
            default -> null;
        };
    }

    private static Conversion fromText(Scalar to) {
        return to == Scalar.JSON || to == Scalar.JSONB ? Conversions::toText : null;
    }

    private static Conversion fromDate(Scalar to) {
        return switch (to) {
            case TIMESTAMP ->
                (from, column, out) -> {
                    if (from.isFinite(column)) {
                        try {
                            out.appendTimestamp(from.getDate(column).atStartOfDay());
                        } catch (ArithmeticException e) {
                            throw outOfRange(from.getText(column), to);
                        }
                    } else {
                        out.appendInfinity(positiveDate(from, column));
                    }
                };
            default -> null;
        };
    }

    private static Conversion fromTimestamp(Scalar to) {
        return switch (to) {
            case DATE ->
                (from, column, out) ->
                        appendDay(from, column, from.isFinite(column) ? from.getTimestamp(column) : null, out);
            default -> null;
        };
    }

    private static void toText(RecordCursor from, int column, RecordBatchBuilder to) {
        to.appendText(from.getText(column));
    }

    /** As the server's own assignment has it, which is not what it prints. */
    private static void boolToText(RecordCursor from, int column, RecordBatchBuilder to) {
        to.appendText(from.getBoolean(column) ? "true" : "false");
    }

    private static void integerToBool(RecordCursor from, int column, RecordBatchBuilder to) throws BadValueException {
        long value = from.getLong(column);
        if (value != 0 && value != 1) {
            throw outOfRange(Long.toString(value), Scalar.BOOL);
        }
        to.appendBoolean(value == 1);
    }

    private static void toFloat32(RecordCursor from, int column, RecordBatchBuilder to) throws BadValueException {
        double value = from.getDouble(column);
        float narrow = (float) value;
        // What prints the same is the same: 0.1 is no other number for having fewer binary digits.
        boolean kept = Double.isNaN(value)
                || narrow == value
                || (!Float.isInfinite(narrow) && Double.parseDouble(Float.toString(narrow)) == value);
        if (!kept) {
            throw new BadValueException(OUT_OF_RANGE, "value " + value + " would lose digits as real");
        }
        to.appendDouble(value);
    }

    private static void floatToDecimal(RecordCursor from, int column, RecordBatchBuilder to) {
        double value = from.getDouble(column);
        if (from.isFinite(column)) {
            to.appendDecimal(new BigDecimal(from.getText(column)));
        } else if (Double.isNaN(value)) {
            to.appendNaN();
        } else {
            to.appendInfinity(value > 0);
        }
    }

    private static void decimalToFloat(RecordCursor from, int column, Scalar type, RecordBatchBuilder to)
            throws BadValueException {
        if (!from.isFinite(column)) {
            String text = from.getText(column);
            if (text.equals("NaN")) {
                to.appendNaN();
            } else {
                to.appendInfinity(!text.startsWith("-"));
            }
            return;
        }
        BigDecimal exact = from.getDecimal(column);
        if (!keptBy(type, exact)) {
            throw new BadValueException(
                    OUT_OF_RANGE, "value " + shown(exact.toString()) + " would lose digits as " + sql(type));
        }
        to.appendDouble(type == Scalar.FLOAT32 ? exact.floatValue() : exact.doubleValue());
    }

    /** Whether the number of this type that is nearest prints the same. */
    static boolean keptBy(Scalar type, BigDecimal exact) {
        double value = type == Scalar.FLOAT32 ? exact.floatValue() : exact.doubleValue();
        return !Double.isInfinite(value)
                && exact.compareTo(
                                type == Scalar.FLOAT32
                                        ? new BigDecimal(Float.toString(exact.floatValue()))
                                        : BigDecimal.valueOf(value))
                        == 0;
    }

    /** A float as a decimal, whose text has no exponent. */
    public static Conversion floatAsDecimal() {
        return Conversions::floatToDecimal;
    }

    /**
     * A number or text as the decimal that a session under the locale C reads as this amount of money.
     *
     * @param decimalPlaces those that money has at the target; a {@link ValueCheck} has refused values with more
     */
    public static Conversion toMoney(int decimalPlaces) {
        return (from, column, to) -> {
            Type type = from.schema().column(column).type();
            if (type == Scalar.TEXT || type instanceof Type.Native) {
                BigDecimal amount =
                        MoneyText.amount(TextChecks.text(from, column)).orElseThrow();
                to.appendDecimal(MoneyText.underC(amount, decimalPlaces));
                return;
            }
            String text = from.getText(column);
            try {
                to.appendDecimal(MoneyText.underC(new BigDecimal(text), decimalPlaces));
            } catch (NumberFormatException e) {
                throw new BadValueException(OUT_OF_RANGE, "value " + text + " is out of range for money");
            }
        };
    }

    private static void appendInteger(BigDecimal value, Scalar type, RecordBatchBuilder to) throws BadValueException {
        long exact;
        try {
            exact = value.longValueExact();
        } catch (ArithmeticException e) {
            throw outOfRange(shown(value.toString()), type);
        }
        appendInteger(exact, type, to);
    }

    private static void appendInteger(long value, Scalar type, RecordBatchBuilder to) throws BadValueException {
        boolean fits = switch (type) {
            case INT16 -> value == (short) value;
            case INT32 -> value == (int) value;
            default -> true;
        };
        if (!fits) {
            throw outOfRange(Long.toString(value), type);
        }
        to.appendLong(value);
    }

    private static void appendExact(long value, long bound, Scalar type, RecordBatchBuilder to)
            throws BadValueException {
        if (value > bound || value < -bound) {
            throw new BadValueException(OUT_OF_RANGE, "value " + value + " would lose digits as " + sql(type));
        }
        to.appendDouble((double) value);
    }

    /** Appends the day of a time that is at its very start; {@code null} is an infinity. */
    private static void appendDay(RecordCursor from, int column, LocalDateTime time, RecordBatchBuilder to)
            throws BadValueException {
        if (time == null) {
            to.appendInfinity(WireBytes.getLong(from.getBytes(column), 0) > 0);
            return;
        }
        if (!time.toLocalTime().equals(LocalTime.MIDNIGHT)) {
            throw new BadValueException(
                    INVALID_DATE, "value " + from.getText(column) + " has a time of day, which date would lose");
        }
        to.appendDate(time.toLocalDate());
    }

    private static boolean positiveDate(RecordCursor from, int column) {
        return WireBytes.getInt(from.getBytes(column), 0) > 0;
    }

    private static void requireFinite(RecordCursor from, int column, Scalar type) throws BadValueException {
        if (!from.isFinite(column)) {
            throw outOfRange(from.getText(column), type);
        }
    }

    private static BadValueException outOfRange(String value, Scalar type) {
        return new BadValueException(OUT_OF_RANGE, "value " + value + " is out of range for " + sql(type));
    }

    public static String shown(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }

    private static String sql(Scalar type) {
        return switch (type) {
            case BOOL -> "boolean";
            case INT16 -> "smallint";
            case INT32 -> "integer";
            case INT64 -> "bigint";
            case FLOAT32 -> "real";
            case FLOAT64 -> "double precision";
            case TIMESTAMP -> "timestamp";
            case TIMESTAMPTZ -> "timestamp with time zone";
            default -> type.name();
        };
    }
}
