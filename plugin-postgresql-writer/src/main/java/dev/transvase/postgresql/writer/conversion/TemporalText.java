package dev.transvase.postgresql.writer.conversion;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a text says that the server reads as a date or time: which parts it has, whatever the order. A word or number that is
 * not known here is left to the server.
 */
final class TemporalText {

    private static final Pattern TIME = Pattern.compile("(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d*))?)?");

    /** Hours, and perhaps minutes and seconds, without colons, behind a date or a T. */
    private static final Pattern BARE_TIME =
            Pattern.compile("(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:\\.(\\d*))?)?)?(?![\\d:/])");

    private static final Pattern DATE = Pattern.compile("\\d+([-/.])\\w+\\1\\d+|\\d{8}(?!\\d)|\\d{4}[-.]\\d{3}(?!\\d)");
    private static final Pattern JULIAN = Pattern.compile("[Jj]\\d+(?:\\.(\\d*))?");
    private static final Pattern OFFSET = Pattern.compile("\\s*[+-]\\d{1,4}(?::\\d{2}){0,2}(?![\\d/])");
    private static final Pattern WORD = Pattern.compile("[A-Za-z]+(?:[/_-][A-Za-z_+-]+[0-9]*)*");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private static final Set<String> MOMENTS = Set.of("now", "today", "tomorrow", "yesterday");
    private static final Set<String> UTC = Set.of("z", "zulu", "utc", "gmt", "uct", "ut", "allballs");
    private static final Set<String> NO_ZONE = Set.of(
            "am",
            "pm",
            "ad",
            "bc",
            "t",
            "at",
            "on",
            "d",
            "dow",
            "doy",
            "of",
            "st",
            "nd",
            "rd",
            "th",
            "epoch",
            "infinity",
            "jan",
            "january",
            "feb",
            "february",
            "mar",
            "march",
            "apr",
            "april",
            "may",
            "jun",
            "june",
            "jul",
            "july",
            "aug",
            "august",
            "sep",
            "sept",
            "september",
            "oct",
            "october",
            "nov",
            "november",
            "dec",
            "december",
            "mon",
            "monday",
            "tue",
            "tues",
            "tuesday",
            "wed",
            "weds",
            "wednesday",
            "thu",
            "thur",
            "thurs",
            "thursday",
            "fri",
            "friday",
            "sat",
            "saturday",
            "sun",
            "sunday");

    private static final int NOON = 12;
    private static final int HHMMSS = 6;

    private final String text;

    /** Whether it stands for another time at each moment. */
    private boolean moment;

    private boolean date;
    private boolean timeOfDay;
    private boolean zone;
    private boolean namedZone;
    private boolean anyZone;
    private int hour = -1;
    private boolean minutes;
    private String fraction = "";

    private TemporalText(String text) {
        this.text = text;
    }

    static TemporalText of(String text) {
        TemporalText temporal = new TemporalText(text);
        temporal.read();
        return temporal;
    }

    boolean isMoment() {
        return moment;
    }

    boolean hasDate() {
        return date;
    }

    /** Whether it tells a time of day other than midnight. */
    boolean hasTimeOfDay() {
        return timeOfDay || hour > 0 || minutes || hasDigitAboveZero(fraction);
    }

    /** Whether it tells an offset from UTC, other than none. */
    boolean hasZone() {
        return zone || namedZone;
    }

    /** Whether it names a region, whose offset depends on the day. */
    boolean hasRegion() {
        return namedZone && text.indexOf('/') >= 0 && !date;
    }

    /** Whether it says where the time is to be taken, be it UTC. */
    boolean saysZone() {
        return anyZone || hasZone();
    }

    /** Whether its seconds have other digits than 0 after this many decimal places. */
    boolean isMorePreciseThan(int digits) {
        return fraction.length() > digits && hasDigitAboveZero(fraction.substring(digits));
    }

    private static boolean hasDigitAboveZero(String digits) {
        return digits.chars().anyMatch(c -> c >= '1' && c <= '9');
    }

    private void read() {
        Matcher julian = JULIAN.matcher(text);
        int at = 0;
        while (at < text.length()) {
            int next = time(at);
            if (next == at && julian.region(at, text.length()).lookingAt()) {
                date = true;
                timeOfDay |= julian.group(1) != null && hasDigitAboveZero(julian.group(1));
                next = julian.end();
            }
            next = next == at ? date(at) : next;
            next = next == at ? word(at) : next;
            next = next == at ? offset(at) : next;
            next = next == at ? number(at) : next;
            at = next == at ? at + 1 : next;
        }
    }

    private int time(int at) {
        Matcher time = TIME.matcher(text).region(at, text.length());
        if (hour >= 0 || !time.lookingAt()) {
            return at;
        }
        take(time);
        return time.end();
    }

    private void take(Matcher time) {
        hour = Integer.parseInt(time.group(1));
        minutes |= time.group(2) != null && hasDigitAboveZero(time.group(2));
        minutes |= time.group(3) != null && hasDigitAboveZero(time.group(3));
        fraction = time.group(4) == null ? "" : time.group(4);
    }

    private int date(int at) {
        Matcher found = DATE.matcher(text).region(at, text.length());
        if (date || !found.lookingAt()) {
            return at;
        }
        date = true;
        return found.end();
    }

    private int word(int at) {
        Matcher found = WORD.matcher(text).region(at, text.length());
        if (!found.lookingAt()) {
            return at;
        }
        String word = found.group().toLowerCase(Locale.ROOT);
        if (word.equals("t")) {
            return bareTime(found.end());
        }
        if (MOMENTS.contains(word)) {
            moment = true;
        } else if (UTC.contains(word)) {
            anyZone = true;
        } else if (!NO_ZONE.contains(word)) {
            namedZone = true;
        } else if (hour == NOON && word.equals("am")) {
            hour = 0;
        }
        return found.end();
    }

    /** What stands behind a time; a date in other places has no sign before it. */
    private int offset(int at) {
        Matcher found = OFFSET.matcher(text).region(at, text.length());
        if ((hour < 0 && !date && !saysZone()) || !found.lookingAt()) {
            return at;
        }
        anyZone = true;
        zone |= hasDigitAboveZero(found.group());
        return found.end();
    }

    private int number(int at) {
        Matcher found = NUMBER.matcher(text).region(at, text.length());
        if (!found.lookingAt()) {
            return at;
        }
        int digits = found.end() - at;
        // Six digits alone may be a day as well.
        boolean goesOn = found.end() < text.length() && ".+-".indexOf(text.charAt(found.end())) >= 0;
        boolean inTime = hour < 0 && ((digits == HHMMSS && goesOn) || (date && digits != 2));
        int behind = inTime ? bareTime(at) : at;
        return behind == at ? found.end() : behind;
    }

    private int bareTime(int at) {
        if (TIME.matcher(text).region(at, text.length()).lookingAt()) {
            return at;
        }
        Matcher time = BARE_TIME.matcher(text).region(at, text.length());
        if (hour >= 0 || !time.lookingAt()) {
            return at;
        }
        take(time);
        return time.end();
    }
}
