package dev.transvase.spi.record;

import dev.transvase.spi.table.Type;

/** Prints values of the scalar types from their binary form, as the server would. */
final class ScalarText {

    /** The one version of the binary form of {@code jsonb} there is. */
    static final int JSONB_VERSION = 1;

    private static final String HEX = "0123456789abcdef";

    private ScalarText() {}

    /** @throws MalformedValueException when the bytes are no value of the type */
    static void append(Type.Scalar type, byte[] data, int at, int length, StringBuilder out) {
        switch (type) {
            case BOOL -> out.append(bool(data, at, length) ? 't' : 'f');
            case INT16, INT32, INT64 -> appendInteger(type, data, at, length, out);
            case FLOAT32 -> {
                MalformedValueException.requireLength(length, Float.BYTES);
                FloatText.append(Float.intBitsToFloat(NetworkOrder.getInt(data, at)), out);
            }
            case FLOAT64 -> {
                MalformedValueException.requireLength(length, Double.BYTES);
                FloatText.append(Double.longBitsToDouble(NetworkOrder.getLong(data, at)), out);
            }
            case DECIMAL -> NumericText.append(data, at, length, out);
            case TEXT, JSON -> out.append(Utf8.decode(data, at, length));
            case JSONB -> out.append(jsonb(data, at, length));
            case BYTES -> appendHex(data, at, length, out);
            case UUID -> appendUuid(data, at, length, out);
            case DATE, TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ, INTERVAL -> appendTemporal(type, data, at, length, out);
        }
    }

    static boolean bool(byte[] data, int at, int length) {
        MalformedValueException.requireLength(length, 1);
        if ((data[at] & ~1) != 0) {
            throw new MalformedValueException("expected 0 or 1 for a boolean, found " + data[at]);
        }
        return data[at] == 1;
    }

    static String jsonb(byte[] data, int at, int length) {
        if (length < 1 || data[at] != JSONB_VERSION) {
            throw new MalformedValueException("unknown version of jsonb");
        }
        return Utf8.decode(data, at + 1, length - 1);
    }

    private static void appendInteger(Type.Scalar type, byte[] data, int at, int length, StringBuilder out) {
        if (type == Type.Scalar.INT64) {
            MalformedValueException.requireLength(length, Long.BYTES);
            out.append(NetworkOrder.getLong(data, at));
        } else if (type == Type.Scalar.INT32) {
            MalformedValueException.requireLength(length, Integer.BYTES);
            out.append(NetworkOrder.getInt(data, at));
        } else {
            MalformedValueException.requireLength(length, Short.BYTES);
            out.append((int) NetworkOrder.getShort(data, at));
        }
    }

    private static void appendTemporal(Type.Scalar type, byte[] data, int at, int length, StringBuilder out) {
        MalformedValueException.requireLength(length, TemporalBinary.length(type));
        switch (type) {
            case DATE -> CalendarText.appendDate(NetworkOrder.getInt(data, at), out);
            case TIME -> CalendarText.appendTime(TemporalBinary.microsOfDay(data, at), out);
            case TIMETZ ->
                CalendarText.appendTimeTz(
                        TemporalBinary.microsOfDay(data, at), TemporalBinary.secondsWest(data, at), out);
            case INTERVAL ->
                IntervalText.append(
                        NetworkOrder.getInt(data, at + 12),
                        NetworkOrder.getInt(data, at + 8),
                        NetworkOrder.getLong(data, at),
                        out);
            default ->
                CalendarText.appendTimestamp(NetworkOrder.getLong(data, at), type == Type.Scalar.TIMESTAMPTZ, out);
        }
    }

    static void appendHex(byte[] data, int at, int length, StringBuilder out) {
        out.ensureCapacity((int) Math.min(ByteSink.MAX_SIZE, out.length() + 2 + 2L * length));
        out.append("\\x");
        appendHexDigits(data, at, length, out);
    }

    private static void appendUuid(byte[] data, int at, int length, StringBuilder out) {
        MalformedValueException.requireLength(length, 16);
        appendHexDigits(data, at, 4, out);
        for (int group = 4; group < 10; group += 2) {
            out.append('-');
            appendHexDigits(data, at + group, 2, out);
        }
        out.append('-');
        appendHexDigits(data, at + 10, 6, out);
    }

    private static void appendHexDigits(byte[] data, int at, int length, StringBuilder out) {
        for (int i = at; i < at + length; i++) {
            out.append(HEX.charAt((data[i] >> 4) & 0xF)).append(HEX.charAt(data[i] & 0xF));
        }
    }
}
