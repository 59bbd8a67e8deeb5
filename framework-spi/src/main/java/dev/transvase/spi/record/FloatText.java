package dev.transvase.spi.record;

/** Prints {@code float4} and {@code float8} as the server does since version 12: as few digits as tell the value. */
final class FloatText {

    private static final int FLOAT_SIGNIFICAND_BITS = 23;
    private static final int FLOAT_EXPONENT_MASK = 0xFF;
    private static final int FLOAT_BIAS = 150;
    private static final int DOUBLE_SIGNIFICAND_BITS = 52;
    private static final int DOUBLE_EXPONENT_MASK = 0x7FF;
    private static final int DOUBLE_BIAS = 1075;

    /** Exponents from -4 to below these are printed without one. */
    private static final int FLOAT_PLAIN_EXPONENT = 6;

    private static final int DOUBLE_PLAIN_EXPONENT = 15;
    private static final int MIN_PLAIN_EXPONENT = -4;

    private FloatText() {}

    static void append(float value, StringBuilder out) {
        int bits = Float.floatToRawIntBits(value);
        append(
                bits < 0,
                (bits >>> FLOAT_SIGNIFICAND_BITS) & FLOAT_EXPONENT_MASK,
                bits & ((1L << FLOAT_SIGNIFICAND_BITS) - 1),
                FLOAT_EXPONENT_MASK,
                1L << FLOAT_SIGNIFICAND_BITS,
                FLOAT_BIAS,
                FLOAT_PLAIN_EXPONENT,
                out);
    }

    static void append(double value, StringBuilder out) {
        long bits = Double.doubleToRawLongBits(value);
        append(
                bits < 0,
                (int) (bits >>> DOUBLE_SIGNIFICAND_BITS) & DOUBLE_EXPONENT_MASK,
                bits & ((1L << DOUBLE_SIGNIFICAND_BITS) - 1),
                DOUBLE_EXPONENT_MASK,
                1L << DOUBLE_SIGNIFICAND_BITS,
                DOUBLE_BIAS,
                DOUBLE_PLAIN_EXPONENT,
                out);
    }

    private static void append(
            boolean negative,
            int exponent,
            long fraction,
            int specialExponent,
            long hiddenBit,
            int bias,
            int plainExponent,
            StringBuilder out) {
        if (exponent == specialExponent && fraction != 0) {
            out.append("NaN");
            return;
        }
        if (negative) {
            out.append('-');
        }
        if (exponent == specialExponent) {
            out.append("Infinity");
        } else if (exponent == 0 && fraction == 0) {
            out.append('0');
        } else {
            // Exponents 0 and 1 count the same; the former has no hidden bit.
            long significand = exponent == 0 ? fraction : fraction | hiddenBit;
            int binary = Math.max(exponent, 1) - bias;
            boolean lowestOfBinade = fraction == 0 && exponent > 1;
            long digits = ShortestDecimal.digits(significand, binary, lowestOfBinade);
            append(digits, ShortestDecimal.exponent(binary, lowestOfBinade), plainExponent, out);
        }
    }

    private static void append(long digits, int exponent, int plainExponent, StringBuilder out) {
        long significant = digits;
        int unit = exponent;
        while (significant % 10 == 0) {
            significant /= 10;
            unit++;
        }
        int start = out.length();
        out.append(significant);
        int count = out.length() - start;
        int leading = unit + count - 1;
        if (leading < MIN_PLAIN_EXPONENT || leading >= plainExponent) {
            if (count > 1) {
                out.insert(start + 1, '.');
            }
            out.append('e').append(leading < 0 ? '-' : '+');
            int shown = Math.abs(leading);
            if (shown < 10) {
                out.append('0');
            }
            out.append(shown);
        } else if (unit >= 0) {
            out.append("0".repeat(unit));
        } else if (leading >= 0) {
            out.insert(start + leading + 1, '.');
        } else {
            out.insert(start, "0.000", 0, 1 - leading);
        }
    }
}
