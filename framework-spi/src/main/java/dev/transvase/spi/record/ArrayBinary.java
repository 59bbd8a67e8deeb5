package dev.transvase.spi.record;

import dev.transvase.spi.table.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;

/** Writes arrays of one dimension in the form that {@link ArrayText} tells of. */
final class ArrayBinary {

    private ArrayBinary() {}

    static void encode(Type.Scalar type, List<?> elements, ByteSink out) {
        out.putInt(elements.isEmpty() ? 0 : 1);
        int flags = out.size();
        out.putInt(0);
        out.putInt(elementOid(type));
        if (elements.isEmpty()) {
            return;
        }
        out.putInt(elements.size());
        out.putInt(1);
        for (Object element : elements) {
            if (element == null) {
                out.putInt(RecordBatch.NULL);
                // Tells that there are NULLs.
                out.setInt(flags, 1);
            } else {
                int start = out.size();
                out.putInt(0);
                encodeElement(type, element, out);
                out.setInt(start, out.size() - start - Integer.BYTES);
            }
        }
    }

    /** The OID of the type in every PostgreSQL catalogue. */
    private static int elementOid(Type.Scalar type) {
        return switch (type) {
            case BOOL -> 16;
            case BYTES -> 17;
            case INT64 -> 20;
            case INT16 -> 21;
            case INT32 -> 23;
            case TEXT -> 25;
            case JSON -> 114;
            case FLOAT32 -> 700;
            case FLOAT64 -> 701;
            case DATE -> 1082;
            case TIME -> 1083;
            case TIMESTAMP -> 1114;
            case TIMESTAMPTZ -> 1184;
            case INTERVAL -> 1186;
            case TIMETZ -> 1266;
            case DECIMAL -> 1700;
            case UUID -> 2950;
            case JSONB -> 3802;
        };
    }

    private static void encodeElement(Type.Scalar type, Object element, ByteSink out) {
        switch (type) {
            case BOOL -> out.putByte(as(Boolean.class, type, element) ? 1 : 0);
            case INT16, INT32, INT64 -> ScalarBinary.encodeLong(type, integer(type, element), out);
            case FLOAT32, FLOAT64 -> encodeFloat(type, as(Number.class, type, element), out);
            case DECIMAL -> encodeDecimal(as(Number.class, type, element), out);
            case TEXT, JSON -> Utf8.encode(as(String.class, type, element), out);
            case JSONB -> {
                out.putByte(ScalarText.JSONB_VERSION);
                Utf8.encode(as(String.class, type, element), out);
            }
            case BYTES -> {
                byte[] bytes = as(byte[].class, type, element);
                out.putBytes(bytes, 0, bytes.length);
            }
            case DATE -> out.putInt(TemporalBinary.days(as(LocalDate.class, type, element)));
            case TIME -> out.putLong(TemporalBinary.checkedMicrosOfDay(integer(type, element)));
            case TIMETZ ->
                throw new IllegalArgumentException(
                        "elements of type TIMETZ have no Java class: append the array in its encoded form");
            case TIMESTAMP -> out.putLong(TemporalBinary.micros(as(LocalDateTime.class, type, element)));
            case TIMESTAMPTZ -> out.putLong(TemporalBinary.micros(as(Instant.class, type, element)));
            case INTERVAL -> ScalarBinary.encodeInterval(as(Interval.class, type, element), out);
            case UUID -> ScalarBinary.encodeUuid(as(UUID.class, type, element), out);
        }
    }

    private static <T> T as(Class<T> expected, Type.Scalar type, Object element) {
        if (!expected.isInstance(element)) {
            throw new IllegalArgumentException("an element of an array of " + type + " is to be a "
                    + expected.getSimpleName() + ", not a " + element.getClass().getName());
        }
        return expected.cast(element);
    }

    private static long integer(Type.Scalar type, Object element) {
        Number number = as(Number.class, type, element);
        if (number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte) {
            return number.longValue();
        }
        return decimal(number).longValueExact();
    }

    private static void encodeFloat(Type.Scalar type, Number number, ByteSink out) {
        double value = number.doubleValue();
        boolean special = number instanceof Double || number instanceof Float;
        if (!special && Double.isInfinite(value)) {
            throw new ArithmeticException("a number is too large for an array of " + type);
        }
        ScalarBinary.encodeDouble(type, value, out);
    }

    private static void encodeDecimal(Number number, ByteSink out) {
        boolean floating = number instanceof Double || number instanceof Float;
        double value = number.doubleValue();
        if (floating && Double.isNaN(value)) {
            NumericBinary.encodeNaN(out);
        } else if (floating && Double.isInfinite(value)) {
            NumericBinary.encodeInfinity(value > 0, out);
        } else {
            NumericBinary.encode(decimal(number), out);
        }
    }

    private static BigDecimal decimal(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        if (number instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        StringBuilder text = new StringBuilder();
        if (number instanceof Float) {
            FloatText.append(number.floatValue(), text);
        } else if (number instanceof Double) {
            FloatText.append(number.doubleValue(), text);
        } else {
            text.append(number);
        }
        return new BigDecimal(text.toString());
    }
}
