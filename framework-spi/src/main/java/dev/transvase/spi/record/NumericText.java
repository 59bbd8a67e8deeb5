package dev.transvase.spi.record;

/** Prints the binary form of {@code numeric} as the server does: all digits of its scale, never an exponent. */
final class NumericText {

    private NumericText() {}

    static void append(byte[] data, int at, int length, StringBuilder out) {
        switch (NumericBinary.sign(data, at, length)) {
            case NumericBinary.NAN -> out.append("NaN");
            case NumericBinary.POSITIVE_INFINITY -> out.append("Infinity");
            case NumericBinary.NEGATIVE_INFINITY -> out.append("-Infinity");
            case NumericBinary.NEGATIVE -> {
                out.append('-');
                appendDigits(data, at, out);
            }
            default -> appendDigits(data, at, out);
        }
    }

    private static void appendDigits(byte[] data, int at, StringBuilder out) {
        int digits = NumericBinary.digits(data, at);
        int weight = NumericBinary.weight(data, at);
        int scale = NumericBinary.scale(data, at);
        if (weight < 0 || digits == 0) {
            out.append('0');
        } else {
            out.append(NumericBinary.digit(data, at, 0));
            for (int i = 1; i <= weight; i++) {
                int digit = i < digits ? NumericBinary.digit(data, at, i) : 0;
                appendPart(digit, NumericBinary.BASE_DIGITS, out);
            }
        }
        if (scale > 0) {
            out.append('.');
            int index = weight + 1;
            for (int left = scale; left > 0; left -= NumericBinary.BASE_DIGITS, index++) {
                int digit = index >= 0 && index < digits ? NumericBinary.digit(data, at, index) : 0;
                appendPart(digit, Math.min(NumericBinary.BASE_DIGITS, left), out);
            }
        }
    }

    /** The first {@code count} of a digit's four decimal digits. */
    private static void appendPart(int digit, int count, StringBuilder out) {
        int rest = digit;
        for (int unit = NumericBinary.BASE / 10, i = 0; i < count; unit /= 10, i++) {
            out.append((char) ('0' + rest / unit));
            rest %= unit;
        }
    }
}
