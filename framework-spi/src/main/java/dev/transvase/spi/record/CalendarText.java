package dev.transvase.spi.record;

/**
 * Prints dates and times as the server does with DateStyle ISO and TimeZone UTC. Works on the numbers of the binary form,
 * since some of what the server knows, such as 24:00, has no counterpart in {@code java.time}.
 */
final class CalendarText {

    static final int DATE_INFINITY = Integer.MAX_VALUE;
    static final int DATE_MINUS_INFINITY = Integer.MIN_VALUE;
    static final long TIMESTAMP_INFINITY = Long.MAX_VALUE;
    static final long TIMESTAMP_MINUS_INFINITY = Long.MIN_VALUE;

    static final long MICROS_PER_SECOND = 1_000_000;
    static final long MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;
    static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;
    static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

    /** From 0000-03-01 to 2000-01-01. Counting years from March puts the leap day at a year's end. */
    private static final int DAYS_TO_2000 = 730_425;

    private static final int DAYS_PER_ERA = 146_097;
    private static final int YEARS_PER_ERA = 400;

    private CalendarText() {}

    static void appendDate(int days, StringBuilder out) {
        if (days == DATE_INFINITY) {
            out.append("infinity");
        } else if (days == DATE_MINUS_INFINITY) {
            out.append("-infinity");
        } else {
            appendEra(appendDay(days, out), out);
        }
    }

    static void appendTimestamp(long micros, boolean zoned, StringBuilder out) {
        if (micros == TIMESTAMP_INFINITY) {
            out.append("infinity");
        } else if (micros == TIMESTAMP_MINUS_INFINITY) {
            out.append("-infinity");
        } else {
            boolean beforeChrist = appendDay(Math.floorDiv(micros, MICROS_PER_DAY), out);
            out.append(' ');
            appendTime(Math.floorMod(micros, MICROS_PER_DAY), out);
            if (zoned) {
                out.append("+00");
            }
            appendEra(beforeChrist, out);
        }
    }

    static void appendTime(long microsOfDay, StringBuilder out) {
        appendTwoDigits((int) (microsOfDay / MICROS_PER_HOUR), out);
        appendMinutesAndSeconds(microsOfDay % MICROS_PER_HOUR, out);
    }

    /** @param secondsWest of UTC, as the binary form has it */
    static void appendTimeTz(long microsOfDay, int secondsWest, StringBuilder out) {
        appendTime(microsOfDay, out);
        out.append(secondsWest <= 0 ? '+' : '-');
        int seconds = Math.abs(secondsWest);
        appendTwoDigits(seconds / 3600, out);
        if (seconds % 3600 != 0) {
            out.append(':');
            appendTwoDigits(seconds / 60 % 60, out);
        }
        if (seconds % 60 != 0) {
            out.append(':');
            appendTwoDigits(seconds % 60, out);
        }
    }

    /** Appends {@code :mm:ss} and what is left of a second, for 0 to below an hour. */
    static void appendMinutesAndSeconds(long microsOfHour, StringBuilder out) {
        int seconds = (int) (microsOfHour / MICROS_PER_SECOND);
        out.append(':');
        appendTwoDigits(seconds / 60, out);
        out.append(':');
        appendTwoDigits(seconds % 60, out);
        int micros = (int) (microsOfHour % MICROS_PER_SECOND);
        if (micros != 0) {
            out.append('.');
            for (int unit = 100_000, rest = micros; rest != 0; unit /= 10) {
                out.append((char) ('0' + rest / unit));
                rest %= unit;
            }
        }
    }

    static void appendTwoDigits(int value, StringBuilder out) {
        out.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
    }

    /** Appends year, month and day and tells whether the year is one before Christ. */
    private static boolean appendDay(long daysFrom2000, StringBuilder out) {
        long days = daysFrom2000 + DAYS_TO_2000;
        long era = Math.floorDiv(days, DAYS_PER_ERA);
        int dayOfEra = Math.floorMod(days, DAYS_PER_ERA);
        // Leaves out the leap days passed so far: one in 4 years, but not in 100, but in 400.
        int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        // From March on, months of 31, 30, 31, 30, 31 days repeat: 153 in five months.
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = era * YEARS_PER_ERA + yearOfEra + (month <= 2 ? 1 : 0);

        boolean beforeChrist = year <= 0;
        long shown = beforeChrist ? 1 - year : year;
        for (long unit = 1000; unit > shown && unit > 1; unit /= 10) {
            out.append('0');
        }
        out.append(shown).append('-');
        appendTwoDigits(month, out);
        out.append('-');
        appendTwoDigits(day, out);
        return beforeChrist;
    }

    private static void appendEra(boolean beforeChrist, StringBuilder out) {
        if (beforeChrist) {
            out.append(" BC");
        }
    }
}
