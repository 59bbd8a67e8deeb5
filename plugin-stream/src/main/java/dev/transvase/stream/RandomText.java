package dev.transvase.stream;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Reads a column's {@code random}. */
final class RandomText {

    /** A value has to fit into memory several times over. */
    private static final int MAX_LENGTH = 64 << 20;

    private static final int MAX_SCALE = 18;
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final long EPOCH_DAY = 10_957;

    private final TimeText times;

    RandomText(TimeText times) {
        this.times = times;
    }

    /**
     * @throws IllegalArgumentException when the text gives no range of the type; also {@link
     *     java.time.DateTimeException} and {@link ArithmeticException}
     */
    Values parse(ValueType type, String text) {
        return switch (type) {
            case LONG, INT, SHORT -> whole(type, text);
            case STRING, BYTES -> alphanumeric(text);
            case BOOL -> bool(text);
            case DOUBLE, FLOAT -> floating(type, text);
            case DECIMAL -> decimal(text);
            case UUID -> uuid(text);
            case DATE, TIMESTAMP, TIMESTAMPTZ, DAY, TIME -> temporal(type, text);
            default ->
                throw new IllegalArgumentException(
                        "type " + type.label() + " takes only a fixed value, not a random one");
        };
    }

    private static Values whole(ValueType type, String text) {
        String[] parts = split(text, 2, "\"LOW,HIGH\", for example \"0,10\"");
        long low = Numbers.whole(type, parts[0]);
        long high = Numbers.whole(type, parts[1]);
        order(low <= high, text);
        return (draw, sequence, out) -> out.appendLong(draw.between(low, high));
    }

    private static Values alphanumeric(String text) {
        String[] parts = split(text, 2, "\"SHORTEST,LONGEST\", for example \"8,15\"");
        int shortest = length(parts[0]);
        int longest = length(parts[1]);
        order(shortest <= longest, text);
        return (draw, sequence, out) -> {
            int length = (int) draw.between(shortest, longest);
            draw.alphanumeric(length);
            out.appendEncoded(draw.scratch(), 0, length);
        };
    }

    private static int length(String text) {
        long length = Numbers.whole(ValueType.LONG, text);
        if (length < 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("a length is from 0 to " + MAX_LENGTH + ", not " + length);
        }
        return (int) length;
    }

    private static Values bool(String text) {
        String[] parts = split(text, 2, "the ratio \"FALSE,TRUE\", for example \"1,3\"");
        long falseShare = Numbers.whole(ValueType.INT, parts[0]);
        long trueShare = Numbers.whole(ValueType.INT, parts[1]);
        if (falseShare < 0 || trueShare < 0 || falseShare + trueShare == 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a ratio: no part may be negative, and at least one must be above 0");
        }
        return (draw, sequence, out) -> out.appendBoolean(draw.between(1, falseShare + trueShare) > falseShare);
    }

    private static Values floating(ValueType type, String text) {
        String[] parts = split(text, 3, "\"LOW,HIGH\" or \"LOW,HIGH,DECIMAL PLACES\", for example \"0,100,2\"");
        double low = Numbers.floating(type, parts[0]);
        double high = Numbers.floating(type, parts[1]);
        order(low <= high, text);
        if (parts.length == 3) {
            int scale = scale(parts[2]);
            long from = unscaled(Numbers.decimal(parts[0]), scale, RoundingMode.CEILING, text);
            long to = unscaled(Numbers.decimal(parts[1]), scale, RoundingMode.FLOOR, text);
            contains(from <= to, scale, text);
            double unit = Math.pow(10, scale);
            return (draw, sequence, out) -> out.appendDouble(draw.between(from, to) / unit);
        }
        // Weighted rather than low + fraction * (high - low), whose difference may be infinite.
        return (draw, sequence, out) -> {
            double fraction = draw.fraction();
            out.appendDouble(Math.min(high, Math.max(low, low * (1 - fraction) + high * fraction)));
        };
    }

    private static Values decimal(String text) {
        String[] parts = split(text, 3, "\"LOW,HIGH\" or \"LOW,HIGH,DECIMAL PLACES\", for example \"0,100,2\"");
        BigDecimal low = Numbers.decimal(parts[0]);
        BigDecimal high = Numbers.decimal(parts[1]);
        order(low.compareTo(high) <= 0, text);
        int scale = parts.length == 3 ? scale(parts[2]) : Math.max(0, Math.max(low.scale(), high.scale()));
        long from = unscaled(low, scale, RoundingMode.CEILING, text);
        long to = unscaled(high, scale, RoundingMode.FLOOR, text);
        contains(from <= to, scale, text);
        return (draw, sequence, out) -> out.appendDecimal(BigDecimal.valueOf(draw.between(from, to), scale));
    }

    private static int scale(String text) {
        long scale = Numbers.whole(ValueType.LONG, text);
        if (scale < 0 || scale > MAX_SCALE) {
            throw new IllegalArgumentException("there can be 0 to " + MAX_SCALE + " decimal places, not " + scale);
        }
        return (int) scale;
    }

    private static long unscaled(BigDecimal value, int scale, RoundingMode towards, String text) {
        try {
            return value.setScale(scale, towards).unscaledValue().longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" has more digits than the 18 that random numbers can have", e);
        }
    }

    private static void contains(boolean any, int scale, String text) {
        if (!any) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" contains no number with " + scale + " decimal places between its bounds");
        }
    }

    private static Values uuid(String text) {
        if (!text.strip().equalsIgnoreCase("true")) {
            throw new IllegalArgumentException("for a uuid give \"random\": true, not \"" + text + "\"");
        }
        return (draw, sequence, out) -> {
            // Version 4, variant 10: see RFC 9562, section 5.4.
            long high = (draw.next() & ~0xF000L) | 0x4000L;
            long low = (draw.next() & ~(3L << 62)) | (2L << 62);
            byte[] bytes = draw.scratch(16);
            put(bytes, 0, 8, high);
            put(bytes, 8, 8, low);
            out.appendEncoded(bytes, 0, 16);
        };
    }

    private Values temporal(ValueType type, String text) {
        String[] parts = split(text, 2, "\"EARLIEST,LATEST\"");
        // What lies outside PostgreSQL's range is reported by the encoder, as for constants.
        new ConstantText(times).parse(type, parts[0]);
        new ConstantText(times).parse(type, parts[1]);
        long earliest = number(type, parts[0]);
        long latest = number(type, parts[1]);
        order(earliest <= latest, text);
        int width = type == ValueType.DAY ? 4 : 8;
        return (draw, sequence, out) -> {
            byte[] bytes = draw.scratch(width);
            put(bytes, 0, width, draw.between(earliest, latest));
            out.appendEncoded(bytes, 0, width);
        };
    }

    /** Days or microseconds from where the type's encoding counts. */
    private long number(ValueType type, String text) {
        if (Numbers.isSpecial(text)) {
            throw new IllegalArgumentException("\"" + text + "\" cannot be a bound of a random value");
        }
        return switch (type) {
            case DATE, TIMESTAMP -> micros(times.timestamp(text));
            case TIMESTAMPTZ -> ChronoUnit.MICROS.between(EPOCH, times.instant(text));
            case DAY -> times.day(text).toEpochDay() - EPOCH_DAY;
            case TIME -> times.timeOfDay(text);
            default -> throw new IllegalStateException("no bounds of type " + type);
        };
    }

    private static long micros(LocalDateTime time) {
        return ChronoUnit.MICROS.between(EPOCH, time.toInstant(ZoneOffset.UTC));
    }

    private static void put(byte[] bytes, int at, int width, long value) {
        for (int i = 0; i < width; i++) {
            bytes[at + i] = (byte) (value >>> (8 * (width - 1 - i)));
        }
    }

    private static String[] split(String text, int most, String form) {
        String[] parts = text.split(",", -1);
        if (parts.length < 2 || parts.length > most) {
            throw new IllegalArgumentException("\"" + text + "\" is not " + form);
        }
        return parts;
    }

    private static void order(boolean inOrder, String text) {
        if (!inOrder) {
            throw new IllegalArgumentException("in \"" + text + "\" the first is greater than the second");
        }
    }
}
