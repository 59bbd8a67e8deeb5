package dev.transvase.postgresql.cdc.pgoutput;

import static dev.transvase.postgresql.cdc.error.CdcErrors.VALUE_MALFORMED;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Reads values as the server prints them with DateStyle ISO, TimeZone UTC, bytea_output hex and enough float digits. That is
 * how servers before PostgreSQL 14 send changes, and newer ones where a column's binary form cannot be passed on.
 *
 * <p>Types that are not among {@link #TYPES} travel as text altogether: their columns are offered as native ones.
 */
public final class TextDecoders {

    /** The types with a decoder. */
    public static final Set<Scalar> TYPES = EnumSet.of(
            Scalar.BOOL,
            Scalar.INT16,
            Scalar.INT32,
            Scalar.INT64,
            Scalar.FLOAT32,
            Scalar.FLOAT64,
            Scalar.DECIMAL,
            Scalar.TEXT,
            Scalar.BYTES,
            Scalar.DATE,
            Scalar.TIME,
            Scalar.TIMESTAMP,
            Scalar.TIMESTAMPTZ,
            Scalar.UUID,
            Scalar.JSON,
            Scalar.JSONB);

    private static final String BEFORE_CHRIST = " BC";

    private static final Map<Scalar, FieldDecoder> DECODERS = new EnumMap<>(Scalar.class);

    static {
        DECODERS.put(Scalar.BOOL, (data, at, length, to) -> to.appendBoolean(data[at] == 't'));
        DECODERS.put(Scalar.INT16, TextDecoders::appendLong);
        DECODERS.put(Scalar.INT32, TextDecoders::appendLong);
        DECODERS.put(Scalar.INT64, TextDecoders::appendLong);
        DECODERS.put(
                Scalar.FLOAT32, (data, at, length, to) -> appendDouble(Float.parseFloat(ascii(data, at, length)), to));
        DECODERS.put(
                Scalar.FLOAT64,
                (data, at, length, to) -> appendDouble(Double.parseDouble(ascii(data, at, length)), to));
        DECODERS.put(Scalar.DECIMAL, (data, at, length, to) -> appendDecimal(ascii(data, at, length), to));
        DECODERS.put(Scalar.TEXT, (data, at, length, to) -> to.appendEncoded(data, at, length));
        DECODERS.put(Scalar.JSON, (data, at, length, to) -> to.appendEncoded(data, at, length));
        DECODERS.put(
                Scalar.JSONB,
                (data, at, length, to) -> to.appendText(new String(data, at, length, StandardCharsets.UTF_8)));
        DECODERS.put(Scalar.BYTES, (data, at, length, to) -> appendBytes(ascii(data, at, length), to));
        DECODERS.put(Scalar.DATE, (data, at, length, to) -> appendDate(ascii(data, at, length), to));
        DECODERS.put(Scalar.TIME, (data, at, length, to) -> to.appendTime(microsOfDay(ascii(data, at, length))));
        DECODERS.put(Scalar.TIMESTAMP, (data, at, length, to) -> appendTimestamp(ascii(data, at, length), false, to));
        DECODERS.put(Scalar.TIMESTAMPTZ, (data, at, length, to) -> appendTimestamp(ascii(data, at, length), true, to));
        DECODERS.put(Scalar.UUID, (data, at, length, to) -> to.appendUuid(UUID.fromString(ascii(data, at, length))));
    }

    private TextDecoders() {}

    /** The decoder of a type's values; empty when there is none. */
    public static Optional<FieldDecoder> of(Type type) {
        if (type instanceof Type.Native) {
            return Optional.of((data, at, length, to) -> to.appendEncoded(data, at, length));
        }
        return type instanceof Scalar scalar ? Optional.ofNullable(DECODERS.get(scalar)) : Optional.empty();
    }

    private static String ascii(byte[] data, int at, int length) {
        return new String(data, at, length, StandardCharsets.ISO_8859_1);
    }

    private static void appendLong(byte[] data, int at, int length, RecordBatchBuilder to) {
        boolean negative = data[at] == '-';
        long value = 0;
        for (int i = negative ? at + 1 : at; i < at + length; i++) {
            value = value * 10 - (data[i] - '0');
        }
        to.appendLong(negative ? value : -value);
    }

    private static void appendDouble(double value, RecordBatchBuilder to) {
        to.appendDouble(value);
    }

    private static void appendDecimal(String text, RecordBatchBuilder to) {
        switch (text) {
            case "NaN" -> to.appendNaN();
            case "Infinity" -> to.appendInfinity(true);
            case "-Infinity" -> to.appendInfinity(false);
            default -> to.appendDecimal(new BigDecimal(text));
        }
    }

    private static void appendBytes(String text, RecordBatchBuilder to) {
        if (!text.startsWith("\\x")) {
            throw malformed("bytea", text);
        }
        to.appendBytes(HexFormat.of().parseHex(text, 2, text.length()));
    }

    private static void appendDate(String text, RecordBatchBuilder to) {
        if (!appendedInfinity(text, to)) {
            to.appendDate(date(text));
        }
    }

    private static boolean appendedInfinity(String text, RecordBatchBuilder to) {
        if (text.equals("infinity") || text.equals("-infinity")) {
            to.appendInfinity(text.charAt(0) != '-');
            return true;
        }
        return false;
    }

    /** Years before 1 are printed as years before Christ; the first of them is the year 0. */
    private static LocalDate date(String text) {
        boolean before = text.endsWith(BEFORE_CHRIST);
        String digits = before ? text.substring(0, text.length() - BEFORE_CHRIST.length()) : text;
        int month = digits.indexOf('-');
        int day = digits.indexOf('-', month + 1);
        if (month < 0 || day < 0) {
            throw malformed("date", text);
        }
        int year = Integer.parseInt(digits, 0, month, 10);
        return LocalDate.of(
                before ? 1 - year : year,
                Integer.parseInt(digits, month + 1, day, 10),
                Integer.parseInt(digits, day + 1, digits.length(), 10));
    }

    private static void appendTimestamp(String text, boolean zoned, RecordBatchBuilder to) {
        if (appendedInfinity(text, to)) {
            return;
        }
        int space = text.indexOf(' ');
        boolean before = text.endsWith(BEFORE_CHRIST);
        int end = before ? text.length() - BEFORE_CHRIST.length() : text.length();
        if (zoned) {
            int zone = text.lastIndexOf("+00", end);
            if (zone < 0) {
                throw malformed("timestamptz in UTC", text);
            }
            end = zone;
        }
        LocalDate day = date(text.substring(0, space) + (before ? BEFORE_CHRIST : ""));
        long micros = microsOfDay(text.substring(space + 1, end));
        LocalDateTime value = LocalDateTime.of(day, LocalTime.ofNanoOfDay(micros * 1000));
        if (zoned) {
            to.appendInstant(value.toInstant(ZoneOffset.UTC));
        } else {
            to.appendTimestamp(value);
        }
    }

    /** Of {@code hh:mm:ss} with up to six more digits, 24:00:00 included. */
    private static long microsOfDay(String text) {
        if (text.length() < 8 || text.charAt(2) != ':' || text.charAt(5) != ':') {
            throw malformed("time", text);
        }
        long seconds = 3600L * Integer.parseInt(text, 0, 2, 10)
                + 60L * Integer.parseInt(text, 3, 5, 10)
                + Integer.parseInt(text, 6, 8, 10);
        long micros = 0;
        for (int i = 9; i < 15; i++) {
            micros = 10 * micros + (i < text.length() ? text.charAt(i) - '0' : 0);
        }
        return 1_000_000 * seconds + micros;
    }

    private static TransvaseException malformed(String what, String text) {
        return TransvaseException.of(
                VALUE_MALFORMED, "the server sent " + text + " where a " + what + " was expected", null);
    }
}
