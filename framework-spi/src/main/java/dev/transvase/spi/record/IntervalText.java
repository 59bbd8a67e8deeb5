package dev.transvase.spi.record;

/** Prints {@code interval} as the server does with IntervalStyle postgres. */
final class IntervalText {

    private static final int MONTHS_PER_YEAR = 12;

    private IntervalText() {}

    static void append(int months, int days, long micros, StringBuilder out) {
        // Since version 17, all three at their extreme are an infinity.
        if (months == Integer.MAX_VALUE && days == Integer.MAX_VALUE && micros == Long.MAX_VALUE) {
            out.append("infinity");
            return;
        }
        if (months == Integer.MIN_VALUE && days == Integer.MIN_VALUE && micros == Long.MIN_VALUE) {
            out.append("-infinity");
            return;
        }
        int start = out.length();
        boolean negative = appendPart(months / MONTHS_PER_YEAR, "year", start, false, out);
        negative = appendPart(months % MONTHS_PER_YEAR, "mon", start, negative, out);
        negative = appendPart(days, "day", start, negative, out);
        if (micros != 0 || out.length() == start) {
            appendTime(micros, start, negative, out);
        }
    }

    /** A part that follows a negative one shows its sign even when it is positive. */
    private static boolean appendPart(int value, String unit, int start, boolean afterNegative, StringBuilder out) {
        if (value == 0) {
            return afterNegative;
        }
        if (out.length() > start) {
            out.append(' ');
        }
        if (afterNegative && value > 0) {
            out.append('+');
        }
        out.append(value).append(' ').append(unit);
        if (value != 1) {
            out.append('s');
        }
        return value < 0;
    }

    private static void appendTime(long micros, int start, boolean afterNegative, StringBuilder out) {
        if (out.length() > start) {
            out.append(' ');
        }
        if (micros < 0) {
            out.append('-');
        } else if (afterNegative) {
            out.append('+');
        }
        long hours = Math.abs(micros / CalendarText.MICROS_PER_HOUR);
        if (hours < 10) {
            out.append('0');
        }
        out.append(hours);
        CalendarText.appendMinutesAndSeconds(Math.abs(micros % CalendarText.MICROS_PER_HOUR), out);
    }
}
