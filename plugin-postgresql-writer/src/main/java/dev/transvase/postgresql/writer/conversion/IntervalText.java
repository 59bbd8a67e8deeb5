package dev.transvase.postgresql.writer.conversion;

import dev.transvase.postgresql.writer.conversion.TypeModifier.IntervalField;
import dev.transvase.spi.record.Interval;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a text says that the server reads as an interval, to the last digit, which the server may round. Known are lists of
 * numbers with units, times of day, SQL's years and months, and ISO 8601 with designators.
 */
final class IntervalText {

    private static final int MAX_LENGTH = 200;
    private static final int MICROS_DIGITS = TypeModifier.MAX_SECOND_DIGITS;
    private static final BigDecimal DAYS_PER_MONTH = BigDecimal.valueOf(30);
    private static final BigDecimal SECONDS_PER_DAY = BigDecimal.valueOf(86_400);

    private static final String NUMBER = "[-+]?(?:\\d+\\.?\\d*|\\.\\d+)";

    private static final Pattern ISO = Pattern.compile("-?P(?:" + NUMBER + "[YMWD])*(?:T(?:" + NUMBER + "[HMS])*)?");
    private static final Pattern ISO_PART = Pattern.compile("(T)?(" + NUMBER + ")([YMWDHS])");

    private static final Pattern TOKEN = Pattern.compile(
            "[-+]?(\\d+):(\\d+)(?::(\\d+\\.?\\d*))?" // 1 to 3: a time of day
                    + "|[-+]?(\\d+)-(\\d+)(?!\\d)" // 4 and 5: years and months
                    + "|(" + NUMBER + ")\\s*([a-z]*)" // 6 and 7: a number and its unit
                    + "|ago|@|,");

    /** A unit's part of an interval, and how many of that it is. */
    private record Unit(Part part, BigDecimal factor) {}

    private enum Part {
        MONTHS,
        DAYS,
        SECONDS
    }

    private static final Map<String, Unit> UNITS = new HashMap<>();

    static {
        unit(Part.SECONDS, "0.000001", "us", "usec", "usecs", "usecond", "useconds", "microsecond", "microseconds");
        unit(Part.SECONDS, "0.001", "ms", "msec", "msecs", "msecond", "mseconds", "millisecond", "milliseconds");
        unit(Part.SECONDS, "1", "s", "sec", "secs", "second", "seconds");
        unit(Part.SECONDS, "60", "m", "min", "mins", "minute", "minutes");
        unit(Part.SECONDS, "3600", "h", "hr", "hrs", "hour", "hours");
        unit(Part.DAYS, "1", "d", "day", "days");
        unit(Part.DAYS, "7", "w", "week", "weeks");
        unit(Part.MONTHS, "1", "mon", "mons", "month", "months");
        unit(Part.MONTHS, "12", "y", "yr", "yrs", "year", "years");
        unit(Part.MONTHS, "120", "dec", "decs", "decade", "decades");
        unit(Part.MONTHS, "1200", "c", "cent", "century", "centuries");
        unit(Part.MONTHS, "12000", "mil", "mils", "millennium", "millennia");
    }

    private static void unit(Part part, String factor, String... names) {
        List.of(names).forEach(name -> UNITS.put(name, new Unit(part, new BigDecimal(factor))));
    }

    private BigDecimal months = BigDecimal.ZERO;
    private BigDecimal days = BigDecimal.ZERO;
    private BigDecimal seconds = BigDecimal.ZERO;
    private boolean roundsMonths;

    private IntervalText() {}

    /**
     * Whether an interval with these fields and digits keeps all of it; empty when the text is of a kind that is not known
     * here.
     *
     * @param field the smallest that is kept
     * @param digits how many of a second's decimal places are kept
     * @param range whether the type names fields: then the server reads what has no unit in two ways, with the type's fields in
     *     mind or not
     */
    static Optional<Boolean> isKept(String text, IntervalField field, int digits, boolean range) {
        String known = text.strip();
        IntervalText interval = new IntervalText();
        boolean read = known.length() <= MAX_LENGTH
                && (ISO.matcher(known).matches()
                        ? interval.readIso(known)
                        : interval.readTokens(known.toLowerCase(Locale.ROOT), range));
        return read ? Optional.of(interval.isKeptBy(field, digits)) : Optional.empty();
    }

    private boolean readIso(String text) {
        Matcher part = ISO_PART.matcher(text);
        boolean time = false;
        boolean any = false;
        while (part.find()) {
            time |= part.group(1) != null;
            String unit = part.group(3).toLowerCase(Locale.ROOT);
            add(part.group(2), UNITS.get(unit.equals("m") && !time ? "mon" : unit));
            any = true;
        }
        return any;
    }

    private boolean readTokens(String text, boolean range) {
        Matcher token = TOKEN.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (token.region(at, text.length()).lookingAt() && take(token, range)) {
                at = token.end();
            } else {
                return false;
            }
        }
        return at > 0;
    }

    private boolean take(Matcher token, boolean range) {
        String sign = token.group().startsWith("-") ? "-" : "";
        if (token.group(1) != null) {
            if (range && token.group(3) == null) {
                return false;
            }
            add(sign + token.group(1), UNITS.get("h"));
            add(sign + token.group(2), UNITS.get("m"));
            add(token.group(3) == null ? "0" : sign + token.group(3), UNITS.get("s"));
        } else if (token.group(4) != null) {
            add(sign + token.group(4), UNITS.get("y"));
            add(sign + token.group(5), UNITS.get("mon"));
        } else if (token.group(6) != null) {
            boolean named = !token.group(7).isEmpty();
            Unit unit = UNITS.get(named ? token.group(7) : "s");
            if (unit == null || (range && !named)) {
                return false;
            }
            add(token.group(6), unit);
        }
        return true;
    }

    /** A part of a month counts as days, with thirty days to a month; a part of a day as seconds. */
    private void add(String number, Unit unit) {
        BigDecimal value = new BigDecimal(number).multiply(unit.factor());
        switch (unit.part()) {
            case MONTHS -> {
                BigDecimal whole = value.setScale(0, RoundingMode.DOWN);
                boolean years = unit.factor().compareTo(BigDecimal.ONE) > 0;
                roundsMonths |= years && whole.compareTo(value) != 0;
                months = months.add(whole);
                addDays(value.subtract(whole).multiply(DAYS_PER_MONTH));
            }
            case DAYS -> addDays(value);
            case SECONDS -> seconds = seconds.add(value);
        }
    }

    private void addDays(BigDecimal value) {
        BigDecimal whole = value.setScale(0, RoundingMode.DOWN);
        days = days.add(whole);
        seconds = seconds.add(value.subtract(whole).multiply(SECONDS_PER_DAY));
    }

    private boolean isKeptBy(IntervalField field, int digits) {
        BigDecimal micros = seconds.movePointRight(MICROS_DIGITS);
        boolean exact = !roundsMonths && micros.stripTrailingZeros().scale() <= 0;
        boolean inRange = micros.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
                && days.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0
                && months.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0;
        // What is out of range the server refuses.
        return !inRange
                || (exact
                        && Precision.keeps(
                                new Interval(months.intValue(), days.intValue(), micros.longValue()), field, digits));
    }
}
