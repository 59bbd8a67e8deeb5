package dev.transvase.spi.table;

import java.util.Objects;

/**
 * The name of a table, without quotes.
 *
 * @param namespace the schema it is in; empty when it has none
 * @param name its name
 */
public record TableName(String namespace, String name) {

    public TableName {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
    }

    /** For people: {@code public.orders}, with double quotes around parts that are not plain lower-case names. */
    @Override
    public String toString() {
        return namespace.isEmpty() ? quoted(name) : quoted(namespace) + '.' + quoted(name);
    }

    private static String quoted(String part) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || c == '_' || (i > 0 && c >= '0' && c <= '9');
            if (!plain) {
                return '"' + part.replace("\"", "\"\"") + '"';
            }
        }
        return part.isEmpty() ? "\"\"" : part;
    }
}
