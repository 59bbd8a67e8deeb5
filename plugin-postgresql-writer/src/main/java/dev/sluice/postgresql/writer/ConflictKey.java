package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.SqlNames;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The unique key by which an upsert tells whether a row is there.
 *
 * @param parts its columns
 * @param nullsDistinct whether a row with NULL in the key is never the same as another
 * @param collationsNamed whether the server has to be told the key's collations to find it, since there are several keys
 *     of these columns or the columns' own collations are others
 */
record ConflictKey(List<Part> parts, boolean nullsDistinct, boolean collationsNamed) {

    /**
     * One column of it.
     *
     * @param column its name
     * @param collation by which the key compares it, quoted; empty when its type has none
     * @param nullable whether it may be NULL
     */
    record Part(String column, String collation, boolean nullable) {

        /** The expression with the key's way to compare it. */
        String compared(String expression) {
            return collation.isEmpty() ? expression : expression + " COLLATE " + collation;
        }
    }

    ConflictKey {
        parts = List.copyOf(parts);
    }

    boolean contains(String column) {
        return parts.stream().anyMatch(part -> part.column().equals(column));
    }

    /** Whether a record may have a key that is never there. */
    boolean mayBeUnknown() {
        return nullsDistinct && parts.stream().anyMatch(Part::nullable);
    }

    /** What stands behind {@code ON CONFLICT}. */
    String target() {
        return parts.stream()
                .map(part ->
                        collationsNamed ? part.compared(SqlNames.quote(part.column())) : SqlNames.quote(part.column()))
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
