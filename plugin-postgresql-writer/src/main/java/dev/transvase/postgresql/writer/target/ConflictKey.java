package dev.transvase.postgresql.writer.target;

import dev.transvase.postgresql.sql.SqlNames;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The unique key by which an upsert tells whether a row is there.
 *
 * @param parts its columns
 * @param nullsDistinct whether a row with NULL in the key is never the same as another
 * @param collationsNamed whether the key's collations must be named for the server to find it, since there are several keys
 *     of these columns or the columns' own collations are others
 * @param ofPartitions whether it is the key of a partitioned table; else rows of tables that inherit are not known by it
 */
public record ConflictKey(List<Part> parts, boolean nullsDistinct, boolean collationsNamed, boolean ofPartitions) {

    /**
     * One column of it.
     *
     * @param column its name
     * @param collation by which the key compares it, quoted; empty when its type has none
     * @param operator by which the key takes values to be equal; empty where only the server knows the key
     * @param nullable whether it may be NULL
     */
    public record Part(String column, String collation, String operator, boolean nullable) {

        /** The expression with the key's way to compare it. */
        public String compared(String expression) {
            return collation.isEmpty() ? expression : expression + " COLLATE " + collation;
        }
    }

    public ConflictKey {
        parts = List.copyOf(parts);
    }

    public boolean contains(String column) {
        return parts.stream().anyMatch(part -> part.column().equals(column));
    }

    /** Whether a record may have a key that is never there. */
    public boolean mayBeUnknown() {
        return nullsDistinct && parts.stream().anyMatch(Part::nullable);
    }

    /** Whether a query can find rows by it. */
    public boolean isKnown() {
        return parts.stream().noneMatch(part -> part.operator().isEmpty());
    }

    /** What stands behind {@code ON CONFLICT}. */
    public String target() {
        return parts.stream()
                .map(part ->
                        collationsNamed ? part.compared(SqlNames.quote(part.column())) : SqlNames.quote(part.column()))
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
