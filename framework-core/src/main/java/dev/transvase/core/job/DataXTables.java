package dev.transvase.core.job;

import static dev.transvase.core.error.CoreErrors.INVALID_PARAMETER;

import dev.transvase.core.parameter.Problems;
import dev.transvase.core.parameter.Shown;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lists of tables as DataX writes them into one text: names between commas, and names with a range of numbers, {@code
 * orders_[00-15]}. A comma or a bracket between double quotes is a part of the name.
 */
final class DataXTables {

    private static final Pattern RANGE = Pattern.compile("([^\\[\\]\"]*)\\[(\\d{1,18})-(\\d{1,18})]([^\\[\\]\"]*)");

    /** More are a slip of the pen: nobody has this many tables of one name. */
    private static final int MOST = 10_000;

    private DataXTables() {}

    /**
     * The names that a text stands for; none of them is blank.
     *
     * @param path where the text stands
     */
    static List<String> expand(String text, String path, Problems problems) {
        List<String> tables = new ArrayList<>();
        for (String name : split(text)) {
            Matcher range = RANGE.matcher(name);
            if (!range.matches()) {
                tables.add(name);
            } else if (!count(range, tables)) {
                problems.error(
                        path,
                        INVALID_PARAMETER,
                        "expected a range of up to " + MOST + " tables, found \"" + Shown.text(name) + "\"",
                        "");
                return List.of();
            }
        }
        return tables;
    }

    /** Adds the names of a range, whose ends may be given in either order; {@code false} when there are too many. */
    private static boolean count(Matcher range, List<String> tables) {
        BigInteger one = new BigInteger(range.group(2));
        BigInteger other = new BigInteger(range.group(3));
        long first = one.min(other).longValueExact();
        long last = one.max(other).longValueExact();
        if (last - first >= MOST) {
            return false;
        }
        String low = one.compareTo(other) <= 0 ? range.group(2) : range.group(3);
        int digits = low.startsWith("0") ? low.length() : 1;
        for (long i = first; i <= last; i++) {
            String number = Long.toString(i);
            String zeros = "0".repeat(Math.max(0, digits - number.length()));
            tables.add(range.group(1).strip() + zeros + number + range.group(4).strip());
        }
        return true;
    }

    /** The parts between commas that stand outside of double quotes, without blank ones. */
    static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '"';
            if (c == ',' && !quoted) {
                add(part, parts);
            } else {
                part.append(c);
            }
        }
        add(part, parts);
        return parts;
    }

    private static void add(StringBuilder part, List<String> parts) {
        String name = part.toString().strip();
        if (!name.isEmpty()) {
            parts.add(name);
        }
        part.setLength(0);
    }
}
