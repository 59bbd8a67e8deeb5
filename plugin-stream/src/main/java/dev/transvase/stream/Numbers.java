package dev.transvase.stream;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads the numbers of a job file, strictly: what Java alone understands, such as {@code 1f}, is no number here. */
final class Numbers {

    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,6})?");
    /** What PostgreSQL's numeric holds before and after the decimal point. */
    private static final int MAX_INTEGER_DIGITS = 131_072;

    private static final int MAX_SCALE = 16_383;

    private Numbers() {}

    static boolean isWhole(ValueType type) {
        return type == ValueType.LONG || type == ValueType.INT || type == ValueType.SHORT;
    }

    static long min(ValueType type) {
        return switch (type) {
            case SHORT -> Short.MIN_VALUE;
            case INT -> Integer.MIN_VALUE;
            default -> Long.MIN_VALUE;
        };
    }

    static long max(ValueType type) {
        return switch (type) {
            case SHORT -> Short.MAX_VALUE;
            case INT -> Integer.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
    }

    /** A whole number in the range of its type. */
    static long whole(ValueType type, String text) {
        long min = min(type);
        long max = max(type);
        if (isNumber(text)) {
            try {
                long value = new BigDecimal(text.strip()).longValueExact();
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (ArithmeticException e) {
                // Has a fraction or is too large: reported below, like any other.
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is not a whole number from " + min + " to " + max
                + ", as required for type " + type.label());
    }

    static BigDecimal decimal(String text) {
        if (!isNumber(text)) {
            throw new IllegalArgumentException("\"" + text + "\" is not a number");
        }
        BigDecimal value = new BigDecimal(text.strip());
        if ((long) value.precision() - value.scale() > MAX_INTEGER_DIGITS || value.scale() > MAX_SCALE) {
            throw new IllegalArgumentException("\"" + text + "\" has more digits than a decimal can have: "
                    + MAX_INTEGER_DIGITS + " before and " + MAX_SCALE + " after the point");
        }
        return value;
    }

    /** A finite number in the range of its type, rounded to it. */
    static double floating(ValueType type, String text) {
        if (!isNumber(text)) {
            throw new IllegalArgumentException("\"" + text + "\" is not a number");
        }
        double value = type == ValueType.FLOAT ? Float.parseFloat(text.strip()) : Double.parseDouble(text.strip());
        if (Double.isInfinite(value)) {
            throw new IllegalArgumentException("\"" + text + "\" is out of range for type " + type.label());
        }
        return value;
    }

    /** A number that is not finite: {@code NaN}, {@code Infinity} or {@code -Infinity} in any case. */
    static boolean isSpecial(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "nan", "infinity", "-infinity" -> true;
            default -> false;
        };
    }

    private static boolean isNumber(String text) {
        return NUMBER.matcher(text.strip()).matches();
    }
}
