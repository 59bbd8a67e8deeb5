package dev.transvase.postgresql.writer.transfer;

import dev.transvase.postgresql.writer.conversion.MoneyText;
import dev.transvase.spi.table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a type is made of, as {@link Column#detail} has it: a composite's attributes, {@code (a integer, b text)}, the subtype of
 * {@code range (date)} or {@code multirange (date)}, and any of them or the base of a domain followed by brackets for an array.
 * The values of the one go into the other as text, and an attribute's place is all that tells it from the others. So names
 * have to match there, and types have to take all that the other's have.
 */
final class TypeShape {

    private static final Pattern ATTRIBUTE = Pattern.compile("(\"(?:[^\"]|\"\")+\"|\\S+) (.*)", Pattern.DOTALL);
    private static final Pattern RANGE = Pattern.compile("(range|multirange) \\((.*)\\)", Pattern.DOTALL);
    private static final String ARRAY = "[]";

    private TypeShape() {}

    private record Attribute(String name, String type) {}

    /** Whether it tells the attributes of a composite, or of an array of composites. */
    static boolean isComposite(String detail) {
        return detail.startsWith("(");
    }

    /** Whether it tells what the type is made of, and not just how many decimal places money has. */
    static boolean isOne(String detail) {
        return !MoneyText.withoutPlaces(detail).isEmpty();
    }

    /** Whether each value of the one is one of the other that says the same. */
    static boolean fits(String source, String target) {
        return fitsType(MoneyText.withoutPlaces(source), MoneyText.withoutPlaces(target));
    }

    private static boolean fitsType(String from, String to) {
        if (from.equals(to)) {
            return true;
        }
        if (from.endsWith(ARRAY) || to.endsWith(ARRAY)) {
            return from.endsWith(ARRAY) && to.endsWith(ARRAY) && fitsType(element(from), element(to));
        }
        if (isComposite(from) || isComposite(to)) {
            return isComposite(from) && isComposite(to) && fitsAttributes(attributes(from), attributes(to));
        }
        Matcher there = RANGE.matcher(from);
        Matcher here = RANGE.matcher(to);
        if (there.matches() && here.matches()) {
            return there.group(1).equals(here.group(1)) && fitsType(there.group(2), here.group(2));
        }
        return DeclaredType.of(from).fits(DeclaredType.of(to));
    }

    private static boolean fitsAttributes(List<Attribute> there, List<Attribute> here) {
        boolean fits = there.size() == here.size();
        for (int i = 0; fits && i < here.size(); i++) {
            fits = there.get(i).name().equals(here.get(i).name())
                    && fitsType(there.get(i).type(), here.get(i).type());
        }
        return fits;
    }

    private static String element(String array) {
        return array.substring(0, array.length() - ARRAY.length());
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
