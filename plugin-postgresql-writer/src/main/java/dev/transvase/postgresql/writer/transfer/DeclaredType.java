package dev.transvase.postgresql.writer.transfer;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type as a statement declares it, within a {@link TypeShape}.
 *
 * @param name without the modifier, for example {@code timestamp without time zone}
 * @param modifier what stands in brackets, for example {@code 10,2}; empty when there is nothing
 */
record DeclaredType(String name, Optional<String> modifier) {

    private static final Pattern FORM = Pattern.compile("([a-z ]+?)\\s*\\(([-\\d,\\s]+)\\)(.*)");

    private static final Map<String, Set<String>> WIDER = Map.of(
            "smallint", Set.of("integer", "bigint"),
            "integer", Set.of("bigint"),
            "character", Set.of("character varying", "text"),
            "character varying", Set.of("text"),
            "text", Set.of("character varying"));

    /** How many digits the largest value has. */
    private static final Map<String, Integer> DIGITS = Map.of("smallint", 5, "integer", 10, "bigint", 19);

    /** Their modifier is the number of digits after the second, six without it. */
    private static final Set<String> TIMES = Set.of(
            "time without time zone",
            "time with time zone",
            "timestamp without time zone",
            "timestamp with time zone",
            "interval");

    /** Their modifier is the largest number of characters or bits, which without it is not limited. */
    private static final Set<String> LIMITED = Set.of("character", "character varying", "text", "bit varying");

    static DeclaredType of(String declared) {
        Matcher matcher = FORM.matcher(declared);
        return matcher.matches()
                ? new DeclaredType(matcher.group(1) + matcher.group(3), Optional.of(matcher.group(2)))
                : new DeclaredType(declared, Optional.empty());
    }

    /** Whether each value of this type is one of the other that says the same. */
    boolean fits(DeclaredType other) {
        if (equals(other)) {
            return true;
        }
        if (other.name.equals("numeric")) {
            return other.modifier.isEmpty() ? isWholeNumber() || name.equals("numeric") : fitsNumeric(other);
        }
        if (name.equals(other.name)) {
            return (TIMES.contains(name) || LIMITED.contains(name)) && isNoLongerThan(other);
        }
        return WIDER.getOrDefault(name, Set.of()).contains(other.name) && isNoLongerThan(other);
    }

    private boolean isWholeNumber() {
        return DIGITS.containsKey(name);
    }

    private boolean fitsNumeric(DeclaredType other) {
        int kept = other.scale();
        int whole = other.number(0) - kept;
        if (isWholeNumber()) {
            return kept >= 0 && DIGITS.get(name) <= whole;
        }
        return name.equals("numeric") && modifier.isPresent() && scale() <= kept && number(0) - scale() <= whole;
    }

    private int scale() {
        return modifier.orElseThrow().contains(",") ? number(1) : 0;
    }

    private boolean isNoLongerThan(DeclaredType other) {
        return other.modifier.isEmpty() || (modifier.isPresent() && number(0) <= other.number(0));
    }

    private int number(int index) {
        return Integer.parseInt(modifier.orElseThrow().split(",", -1)[index].strip());
    }
}
