package dev.transvase.spi.record;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * The binary form of {@code numeric}: int16 number of digits, int16 weight, int16 sign, int16 display scale, then the
 * digits, each an int16 from 0 to 9999. The first digit counts 10000 to the power of the weight. Neither the first nor
 * the last digit is 0, as the server itself writes it.
 */
final class NumericBinary {

    static final int HEADER = 8;
    static final int BASE = 10_000;
    static final int BASE_DIGITS = 4;

    static final int POSITIVE = 0x0000;
    static final int NEGATIVE = 0x4000;
    static final int NAN = 0xC000;
    static final int POSITIVE_INFINITY = 0xD000;
    static final int NEGATIVE_INFINITY = 0xF000;

    /** What the server allows, in decimal digits behind and before the point. */
    static final int MAX_SCALE = 16_383;

    static final int MAX_INTEGER_DIGITS = 131_072;

    /** The server sends the infinities with this display scale, which means nothing. */
    private static final int INFINITY_SCALE = 0x20;

    /** As many base 10000 digits always fit into a long. */
    private static final int LONG_DIGITS = 4;

    private static final long[] POWERS_OF_TEN = new long[19];

    static {
        POWERS_OF_TEN[0] = 1;
        for (int i = 1; i < POWERS_OF_TEN.length; i++) {
            POWERS_OF_TEN[i] = 10 * POWERS_OF_TEN[i - 1];
        }
    }

    private NumericBinary() {}

    /** @throws ArithmeticException when it is out of PostgreSQL's range */
    static void encode(BigDecimal value, ByteSink out) {
        if (value.scale() < 0) {
            if ((long) value.precision() - value.scale() > MAX_INTEGER_DIGITS && value.signum() != 0) {
                throw outOfRange(value);
            }
            encode(value.setScale(0), out);
            return;
        }
        if (value.scale() > MAX_SCALE || (long) value.precision() - value.scale() > MAX_INTEGER_DIGITS) {
            throw outOfRange(value);
        }
        BigInteger unscaled = value.unscaledValue();
        if (unscaled.signum() == 0) {
            putHeader(0, 0, POSITIVE, value.scale(), out);
        } else if (unscaled.bitLength() < Long.SIZE - 1) {
            encode(unscaled.longValue(), value.scale(), out);
        } else {
            encode(unscaled.abs().toString(), unscaled.signum() < 0, value.scale(), out);
        }
    }

    private static ArithmeticException outOfRange(BigDecimal value) {
        return new ArithmeticException("a number of " + value.precision() + " digits with the scale " + value.scale()
                + " is out of PostgreSQL's range for numeric: at most " + MAX_INTEGER_DIGITS
                + " digits before and " + MAX_SCALE + " after the decimal point");
    }

    private static void encode(long unscaled, int scale, ByteSink out) {
        long rest = Math.abs(unscaled);
        int fraction = (scale + BASE_DIGITS - 1) / BASE_DIGITS;
        // The last digit is filled up with zeros on its right when the scale is no multiple of four.
        int odd = scale % BASE_DIGITS;
        long last = odd == 0 ? 0 : rest % POWERS_OF_TEN[odd] * POWERS_OF_TEN[BASE_DIGITS - odd];
        if (odd != 0) {
            rest /= POWERS_OF_TEN[odd];
        }
        int skipped = 0;
        if (last == 0) {
            skipped = odd == 0 ? 0 : 1;
            while (rest % BASE == 0) {
                rest /= BASE;
                skipped++;
            }
            last = rest % BASE;
            rest /= BASE;
        }
        int digits = 1;
        for (long r = rest; r != 0; r /= BASE) {
            digits++;
        }
        putHeader(digits, digits - 1 + skipped - fraction, unscaled < 0 ? NEGATIVE : POSITIVE, scale, out);
        int at = out.claim(2 * digits) + 2 * digits;
        byte[] bytes = out.bytes();
        for (int i = 0; i < digits; i++) {
            at -= 2;
            NetworkOrder.putShort(bytes, at, (short) last);
            last = rest % BASE;
            rest /= BASE;
        }
    }

    private static void encode(String decimal, boolean negative, int scale, ByteSink out) {
        int end = decimal.length();
        while (decimal.charAt(end - 1) == '0') {
            end--;
        }
        int integerDigits = decimal.length() - scale;
        int weight = Math.floorDiv(integerDigits - 1, BASE_DIGITS);
        int leadingZeros = BASE_DIGITS * (weight + 1) - integerDigits;
        int digits = (leadingZeros + end + BASE_DIGITS - 1) / BASE_DIGITS;
        putHeader(digits, weight, negative ? NEGATIVE : POSITIVE, scale, out);
        int next = -leadingZeros;
        for (int i = 0; i < digits; i++) {
            int digit = 0;
            for (int j = 0; j < BASE_DIGITS; j++, next++) {
                digit = 10 * digit + (next >= 0 && next < end ? decimal.charAt(next) - '0' : 0);
            }
            out.putShort(digit);
        }
    }

    static void encodeNaN(ByteSink out) {
        putHeader(0, 0, NAN, 0, out);
    }

    static void encodeInfinity(boolean positive, ByteSink out) {
        putHeader(0, 0, positive ? POSITIVE_INFINITY : NEGATIVE_INFINITY, INFINITY_SCALE, out);
    }

    private static void putHeader(int digits, int weight, int sign, int scale, ByteSink out) {
        out.putShort(digits);
        out.putShort(weight);
        out.putShort(sign);
        out.putShort(scale);
    }

    /** The sign, after the value's form has been checked. */
    static int sign(byte[] data, int at, int length) {
        if (length < HEADER || length != HEADER + 2 * digits(data, at)) {
            throw new MalformedValueException("the length of " + length + " bytes does not fit a numeric");
        }
        int sign = NetworkOrder.getUnsignedShort(data, at + 4);
        if (sign != POSITIVE
                && sign != NEGATIVE
                && sign != NAN
                && sign != POSITIVE_INFINITY
                && sign != NEGATIVE_INFINITY) {
            throw new MalformedValueException("unknown sign " + sign + " of a numeric");
        }
        return sign;
    }

    static boolean isFinite(byte[] data, int at, int length) {
        return sign(data, at, length) <= NEGATIVE;
    }

    static int digits(byte[] data, int at) {
        return NetworkOrder.getUnsignedShort(data, at);
    }

    static int weight(byte[] data, int at) {
        return NetworkOrder.getShort(data, at + 2);
    }

    static int scale(byte[] data, int at) {
        return NetworkOrder.getUnsignedShort(data, at + 6) & MAX_SCALE;
    }

    static int digit(byte[] data, int at, int index) {
        int digit = NetworkOrder.getUnsignedShort(data, at + HEADER + 2 * index);
        if (digit >= BASE) {
            throw new MalformedValueException("unknown digit " + digit + " of a numeric");
        }
        return digit;
    }

    /** The value of a finite numeric. Digits behind the display scale, which no server sends, are cut off. */
    static BigDecimal decode(byte[] data, int at, int length) {
        boolean negative = sign(data, at, length) == NEGATIVE;
        int digits = digits(data, at);
        int scale = scale(data, at);
        if (digits == 0) {
            return BigDecimal.valueOf(0, scale);
        }
        if (digits > LONG_DIGITS) {
            StringBuilder text = new StringBuilder(BASE_DIGITS * digits + 8);
            NumericText.append(data, at, length, text);
            return new BigDecimal(text.toString());
        }
        long value = 0;
        for (int i = 0; i < digits; i++) {
            value = value * BASE + digit(data, at, i);
        }
        value = negative ? -value : value;
        int digitsScale = BASE_DIGITS * (digits - 1 - weight(data, at));
        int surplus = digitsScale - scale;
        if (surplus >= 0 && surplus <= BASE_DIGITS) {
            return BigDecimal.valueOf(value / POWERS_OF_TEN[surplus], scale);
        }
        if (surplus < 0 && BASE_DIGITS * digits - surplus < POWERS_OF_TEN.length) {
            return BigDecimal.valueOf(value * POWERS_OF_TEN[-surplus], scale);
        }
        return BigDecimal.valueOf(value, digitsScale).setScale(scale, RoundingMode.DOWN);
    }
}
