package dev.sluice.postgresql.writer;

import static dev.sluice.postgresql.writer.BadValueException.OUT_OF_RANGE;

import dev.sluice.postgresql.PgColumn;
import dev.sluice.spi.Column;
import dev.sluice.spi.Type;
import java.util.Optional;
import java.util.Set;

/**
 * Checks names of objects ({@code regclass} and the like): the server prints one that it does not have as a number, which it would
 * read as the number of another object.
 */
final class NameCheck {

    private static final Set<String> TYPES = Set.of(
            "regclass",
            "regcollation",
            "regconfig",
            "regdictionary",
            "regnamespace",
            "regoper",
            "regoperator",
            "regproc",
            "regprocedure",
            "regrole",
            "regtype");

    private static final String ARRAY = "[]";

    private NameCheck() {}

    /** The check of names that go into a column of names; empty for all other columns. */
    static Optional<ValueCheck> of(Column source, PgColumn target) {
        if (!(source.type() instanceof Type.Native type)
                || !TYPES.contains(withoutArray(type.name()))
                || !TYPES.contains(withoutArray(target.type().effective().name()))) {
            return Optional.empty();
        }
        return Optional.of((cursor, column) -> {
            String text = TextChecks.text(cursor, column);
            String number = type.name().endsWith(ARRAY) ? numberIn(text) : isNumber(text) ? text : "";
            if (!number.isEmpty()) {
                throw new BadValueException(
                        OUT_OF_RANGE,
                        "value " + Conversions.shown(text) + " has the number " + number
                                + ", which is no object of the source's; at the target it may be another one's");
            }
        });
    }

    private static String withoutArray(String name) {
        return name.endsWith(ARRAY) ? name.substring(0, name.length() - ARRAY.length()) : name;
    }

    /** No object has the number 0, which some of the types print for none. */
    private static boolean isNumber(String text) {
        return !text.isEmpty() && !text.equals("0") && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The first element of an array that is a number: a name that looks like one is in quotes. */
    private static String numberIn(String array) {
        boolean quoted = false;
        int start = 0;
        for (int at = 0; at < array.length(); at++) {
            char c = array.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '{' || c == ',' || c == '}')) {
                String element = array.substring(start, at);
                if (isNumber(element)) {
                    return element;
                }
                start = at + 1;
            }
        }
        return "";
    }
}
