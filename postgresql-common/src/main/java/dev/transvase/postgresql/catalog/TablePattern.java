package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table's name as a job file has it, or a pattern for several: {@code *} stands for any number of characters and {@code
 * ?} for one, in the schema's part and in the name's. As in {@code psql}, what is in double quotes is taken literally and
 * may have wildcards beside it: {@code "Sales_"*}. What is not is folded to lower case, as {@link SqlNames#parseTable} does.
 */
public final class TablePattern {

    private final String text;
    private final Optional<Part> schema;
    private final Part name;

    private TablePattern(String text, Optional<Part> schema, Part name) {
        this.text = text;
        this.schema = schema;
        this.name = name;
    }

    /**
     * One part of a name: literals with a wildcard between each two of them.
     *
     * @param literals one more than there are wildcards
     * @param wildcards {@code *} or {@code ?}, in their order
     */
    private record Part(List<String> literals, String wildcards, Pattern regex) {

        static Part of(List<String> literals, String wildcards) {
            StringBuilder regex = new StringBuilder(Pattern.quote(literals.get(0)));
            for (int i = 0; i < wildcards.length(); i++) {
                regex.append(wildcards.charAt(i) == '*' ? "(.*?)" : "(.)").append(Pattern.quote(literals.get(i + 1)));
            }
            return new Part(List.copyOf(literals), wildcards, Pattern.compile(regex.toString(), Pattern.DOTALL));
        }

        boolean literal() {
            return wildcards.isEmpty();
        }

        Optional<List<String>> match(String candidate) {
            Matcher matcher = regex.matcher(candidate);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            List<String> found = new ArrayList<>();
            for (int i = 1; i <= matcher.groupCount(); i++) {
                found.add(matcher.group(i));
            }
            return Optional.of(found);
        }

        /** The part with these in the place of its wildcards. */
        String filled(List<String> found) {
            StringBuilder filled = new StringBuilder(literals.get(0));
            for (int i = 0; i < wildcards.length(); i++) {
                filled.append(found.get(i)).append(literals.get(i + 1));
            }
            return filled.toString();
        }
    }

    /**
     * Reads {@code name}, {@code schema.name} or a pattern of either form.
     *
     * @throws TransvaseException with code {@code INVALID_NAME} when it is none
     */
    public static TablePattern parse(String text) {
        List<Part> parts = parts(text.strip(), text);
        if (parts.stream().allMatch(Part::literal)) {
            SqlNames.parseTable(text);
        }
        return switch (parts.size()) {
            case 1 -> new TablePattern(text.strip(), Optional.empty(), parts.get(0));
            case 2 -> new TablePattern(text.strip(), Optional.of(parts.get(0)), parts.get(1));
            default -> throw SqlNames.invalid(text, "it has " + parts.size() + " parts");
        };
    }

    private static List<Part> parts(String text, String whole) {
        List<Part> parts = new ArrayList<>();
        List<String> literals = new ArrayList<>();
        StringBuilder wildcards = new StringBuilder();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        int start = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                at = SqlNames.quoted(whole, text, at, literal);
                continue;
            } else if (c == '.') {
                parts.add(part(whole, text.substring(start, at), literals, literal, wildcards));
                start = at + 1;
            } else if (c == '*' || c == '?') {
                literals.add(literal.toString());
                literal.setLength(0);
                wildcards.append(c);
            } else {
                literal.append(SqlNames.bare(whole, c));
            }
            at++;
        }
        parts.add(part(whole, text.substring(start), literals, literal, wildcards));
        return parts;
    }

    private static Part part(
            String whole, String written, List<String> literals, StringBuilder literal, StringBuilder wildcards) {
        if (written.isEmpty() || (wildcards.isEmpty() && literal.isEmpty())) {
            throw SqlNames.invalid(whole, "one of its parts is empty");
        }
        literals.add(wildcards.isEmpty() ? SqlNames.cut(literal.toString()) : literal.toString());
        Part part = Part.of(literals, wildcards.toString());
        literals.clear();
        literal.setLength(0);
        wildcards.setLength(0);
        return part;
    }

    /** Whether it has no wildcard. */
    public boolean isName() {
        return name.literal() && schema.map(Part::literal).orElse(true);
    }

    /** The name when it {@link #isName}; the schema is empty when it names none. */
    public TableName name() {
        if (!isName()) {
            throw new IllegalStateException(text + " is a pattern");
        }
        return new TableName(
                schema.map(p -> p.literals().get(0)).orElse(""), name.literals().get(0));
    }

    /** Whether it says which schema, or schemas, it is about. */
    public boolean hasSchema() {
        return schema.isPresent();
    }

    /** The schema it names; empty when it names none, or several by a pattern. */
    public Optional<String> schemaName() {
        return schema.filter(Part::literal).map(p -> p.literals().get(0));
    }

    /** Whether this is a table that it means; without a schema it means those of any. */
    public boolean matches(TableName table) {
        return schema.map(p -> p.match(table.namespace()).isPresent()).orElse(true)
                && name.match(table.name()).isPresent();
    }

    /**
     * Why names that match this one cannot be made into ones of another pattern; empty when they can. A wildcard of the
     * other stands for what the wildcard in the same place and part of this one matches, so there must be one, of its kind.
     */
    public Optional<String> whyNotInto(TablePattern other) {
        Part from = schema.orElse(Part.of(List.of("", ""), ""));
        if (other.schema.isPresent()
                && !from.wildcards().startsWith(other.schema.get().wildcards())) {
            return Optional.of(
                    "the schema of " + other + " has wildcards that the schema of " + this + " does not have");
        }
        return name.wildcards().startsWith(other.name.wildcards())
                ? Optional.empty()
                : Optional.of("the name of " + other + " has wildcards that the name of " + this + " does not have");
    }

    /** The name that this table has by the other pattern, which keeps the schema when it names none; empty without a match. */
    public Optional<TableName> into(TablePattern other, TableName table) {
        Optional<List<String>> foundName = name.match(table.name());
        Optional<List<String>> foundSchema =
                schema.isPresent() ? schema.get().match(table.namespace()) : Optional.of(List.of());
        if (foundName.isEmpty() || foundSchema.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new TableName(
                other.schema.map(p -> p.filled(foundSchema.get())).orElse(table.namespace()),
                other.name.filled(foundName.get())));
    }

    /** As the job file has it. */
    @Override
    public String toString() {
        return text;
    }
}
