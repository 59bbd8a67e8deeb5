package dev.transvase.spi.table;

import java.util.List;
import java.util.Optional;

/**
 * How a table of the source is declared, for a writer that shows how one like it is made. Types and collations are SQL in the
 * words of {@link Schema#wireFormat}, quoted and with their schema, so that they mean the same on any search path.
 *
 * @param columns those of the table, in its order
 * @param key the names of its primary key's columns, not quoted, in the key's order; empty when it has none
 */
public record TableDefinition(List<ColumnDefinition> columns, List<String> key) {

    /**
     * A column.
     *
     * @param name not quoted
     * @param type its type, for example {@code numeric(10,2)} or {@code "public"."mood"[]}
     * @param collation its collation where it is not its type's own; otherwise empty
     * @param ownType the type that has to be there before it, such as {@code "public"."mood"}; empty when every server has it
     * @param making the statement that makes that type in a schema that is there; empty when the reader does not tell
     * @param without what the column's type is where that type is missing: of a domain what it is over; empty when it cannot
     *     do without
     */
    public record ColumnDefinition(
            String name, String type, String collation, String ownType, String making, String without) {}

    public TableDefinition {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    /** The column of exactly this name. */
    public Optional<ColumnDefinition> column(String name) {
        return columns.stream().filter(c -> c.name().equals(name)).findFirst();
    }
}
