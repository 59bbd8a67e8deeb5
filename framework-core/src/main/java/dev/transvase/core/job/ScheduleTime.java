package dev.transvase.core.job;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The scheduling variables of DataWorks for a run that is scheduled at some time. Those in braces count from the data
 * timestamp, which is the day before: {@code ${yyyymmdd}}, {@code ${yyyymm-1}}. Those in brackets count from the time itself:
 * {@code $[yyyymmdd-1]}, {@code $[hh24:mi:ss-1/24]}, {@code $[add_months(yyyymmdd,-1)]}.
 *
 * @param time when the run is scheduled, on the clock of the schedule's zone
 * @see <a href="https://www.alibabacloud.com/help/en/dataworks/user-guide/supported-formats-of-scheduling-parameters">Supported
 *     formats of scheduling parameters</a>
 */
public record ScheduleTime(LocalDateTime time) {

    private static final Map<String, String> TOKENS =
            Map.of("yyyy", "yyyy", "mm", "MM", "dd", "dd", "hh24", "HH", "hh12", "hh", "mi", "mm", "ss", "ss");

    private static final String DAY_TOKEN = "yyyy|mm|dd";
    private static final String TOKEN = DAY_TOKEN + "|hh24|hh12|mi|ss";
    private static final String SEPARATOR = "[-/:._ T]?";

    private static final Pattern ONE_TOKEN = Pattern.compile(TOKEN);

    private static final Pattern FROM_DATA_TIMESTAMP =
            Pattern.compile("(" + format(DAY_TOKEN) + ")\\s*(?:([+-])\\s*(\\d{1,6}))?");

    /** A number of days, also as a fraction: {@code 7*2}, {@code 1/24}, {@code 15/24/60}. */
    private static final String DAYS = "\\d{1,6}(?:\\s*[*/]\\s*\\d{1,6}){0,4}";

    private static final Pattern FROM_TIME =
            Pattern.compile("(" + format(TOKEN) + ")\\s*(?:([+-])\\s*(" + DAYS + "))?");

    private static final Pattern ADD_MONTHS = Pattern.compile("add_months\\(\\s*(" + format(TOKEN)
            + ")\\s*,\\s*([+-]?)\\s*(?:(\\d{1,3})\\s*\\*)?\\s*([+-]?)\\s*(\\d{1,6})\\s*\\)\\s*(?:([+-])\\s*(" + DAYS
            + "))?");

    private static final int SECONDS_OF_DAY = 86_400;

    /** The names that stand for a time without saying its format. */
    static final List<String> NAMES = List.of("bizdate", "bizmonth", "cyctime", "gmtdate");

    private static String format(String token) {
        return "(?:" + token + ")(?:" + SEPARATOR + "(?:" + token + "))*";
    }

    /** What one of {@link #NAMES} stands for; empty for another name. */
    Optional<String> named(String name) {
        return switch (name) {
            case "bizdate" -> Optional.of(print("yyyymmdd", dataTimestamp()));
            case "bizmonth" -> Optional.of(print("yyyymm", month()));
            case "cyctime" -> Optional.of(print("yyyymmddhh24miss", time));
            case "gmtdate" -> Optional.of(print("yyyymmdd", time));
            default -> Optional.empty();
        };
    }

    /** What {@code ${content}} stands for; empty when that is no such variable. */
    Optional<String> inBraces(String content) {
        Matcher found = FROM_DATA_TIMESTAMP.matcher(content);
        if (!found.matches()) {
            return named(content);
        }
        long amount = found.group(3) == null ? 0 : sign(found.group(2)) * Long.parseLong(found.group(3));
        String format = found.group(1);
        ChronoUnit unit =
                format.contains("dd") ? ChronoUnit.DAYS : format.contains("mm") ? ChronoUnit.MONTHS : ChronoUnit.YEARS;
        return moved(format, dataTimestamp(), amount, unit);
    }

    /** What {@code $[content]} stands for; empty when that is no such variable. */
    Optional<String> inBrackets(String content) {
        Matcher plain = FROM_TIME.matcher(content.strip());
        if (plain.matches()) {
            return moved(plain.group(1), time, seconds(plain.group(2), plain.group(3)), ChronoUnit.SECONDS);
        }
        Matcher months = ADD_MONTHS.matcher(content.strip());
        if (!months.matches()) {
            return Optional.empty();
        }
        long factor = months.group(3) == null ? 1 : Long.parseLong(months.group(3));
        long amount = sign(months.group(2)) * factor * sign(months.group(4)) * Long.parseLong(months.group(5));
        try {
            return moved(
                    months.group(1),
                    time.plusMonths(amount),
                    seconds(months.group(6), months.group(7)),
                    ChronoUnit.SECONDS);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private LocalDateTime dataTimestamp() {
        return time.truncatedTo(ChronoUnit.DAYS).minusDays(1);
    }

    /** The month of the data timestamp, unless it has only begun. */
    private LocalDateTime month() {
        LocalDateTime day = dataTimestamp();
        return day.getMonth() == time.getMonth() ? day.minusMonths(1) : day;
    }

    private static int sign(String sign) {
        return "-".equals(sign) ? -1 : 1;
    }

    private static long seconds(String sign, String days) {
        if (days == null) {
            return 0;
        }
        double factor = 1;
        Matcher number = Pattern.compile("([*/]?)\\s*(\\d+)").matcher(days);
        while (number.find()) {
            double value = Double.parseDouble(number.group(2));
            factor = number.group(1).equals("/") ? factor / value : factor * value;
        }
        return sign(sign) * Math.round(factor * SECONDS_OF_DAY);
    }

    private static Optional<String> moved(String format, LocalDateTime from, long amount, ChronoUnit unit) {
        try {
            return Optional.of(print(format, from.plus(amount, unit)));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static String print(String format, LocalDateTime moment) {
        StringBuilder pattern = new StringBuilder();
        Matcher token = ONE_TOKEN.matcher(format);
        int end = 0;
        while (token.find()) {
            literal(format.substring(end, token.start()), pattern);
            pattern.append(TOKENS.get(token.group()));
            end = token.end();
        }
        return DateTimeFormatter.ofPattern(pattern.toString()).format(moment);
    }

    private static void literal(String separator, StringBuilder pattern) {
        if (!separator.isEmpty()) {
            pattern.append('\'').append(separator).append('\'');
        }
    }
}
