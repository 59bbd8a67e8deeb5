package dev.sluice.postgresql.writer;

import dev.sluice.spi.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The attributes of a composite type, as {@link Column#detail} has them: {@code (a integer, b text)}, followed by brackets for
 * an array of it. Values go from one to another by position, so names have to match there, and types have to take all that
 * the other's have.
 */
final class CompositeShape {

    private static final Pattern ATTRIBUTE = Pattern.compile("(\"(?:[^\"]|\"\")+\"|\\S+) (.*)", Pattern.DOTALL);
    private static final Pattern LIMITED = Pattern.compile("character varying\\((\\d+)\\)");

    private static final Map<String, Set<String>> WIDER = Map.of(
            "smallint", Set.of("integer", "bigint", "numeric"),
            "integer", Set.of("bigint", "numeric"),
            "bigint", Set.of("numeric"),
            "character varying", Set.of("text"),
            "text", Set.of("character varying"));

    private CompositeShape() {}

    private record Attribute(String name, String type) {}

    static boolean isOne(String detail) {
        return detail.startsWith("(");
    }

    /** Whether each value of the one is one of the other that says the same. */
    static boolean fits(String source, String target) {
        String from = MoneyText.withoutPlaces(source);
        String to = MoneyText.withoutPlaces(target);
        if (from.equals(to)) {
            return true;
        }
        if (!isOne(from) || !isOne(to)) {
            return fitsSimple(from, to);
        }
        if (from.endsWith("[]") != to.endsWith("[]")) {
            return false;
        }
        List<Attribute> there = attributes(from);
        List<Attribute> here = attributes(to);
        boolean fits = there.size() == here.size();
        for (int i = 0; fits && i < here.size(); i++) {
            fits = there.get(i).name().equals(here.get(i).name())
                    && fits(there.get(i).type(), here.get(i).type());
        }
        return fits;
    }

    private static boolean fitsSimple(String from, String to) {
        if (from.endsWith("[]") && to.endsWith("[]")) {
            return fits(from.substring(0, from.length() - 2), to.substring(0, to.length() - 2));
        }
        Matcher limit = LIMITED.matcher(from);
        Matcher other = LIMITED.matcher(to);
        if (limit.matches()) {
            return to.equals("text")
                    || to.equals("character varying")
                    || (other.matches() && Integer.parseInt(limit.group(1)) <= Integer.parseInt(other.group(1)));
        }
        return WIDER.getOrDefault(from, Set.of()).contains(to) || (from.startsWith("numeric(") && to.equals("numeric"));
    }

    private static List<Attribute> attributes(String detail) {
        List<Attribute> attributes = new ArrayList<>();
        for (String part : parts(detail.substring(1, detail.lastIndexOf(')')))) {
            Matcher attribute = ATTRIBUTE.matcher(part);
            attributes.add(
                    attribute.matches()
                            ? new Attribute(attribute.group(1), attribute.group(2))
                            : new Attribute(part, ""));
        }
        return attributes;
    }

    /** What stands between commas outside of brackets and quotes. */
    private static List<String> parts(String list) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            quoted ^= c == '"';
            depth += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0 && !quoted) {
                parts.add(list.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(list.substring(start).strip());
        return parts;
    }

    /** A row of a source's attributes in the order that the target has them. */
    static String row(String column, String target) {
        return attributes(target).stream()
                .map(a -> "(" + column + ")." + a.name())
                .collect(Collectors.joining(", ", "ROW(", ")"));
    }
}
