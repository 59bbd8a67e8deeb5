package dev.transvase.spi.table;

import java.util.List;
import java.util.Objects;

/**
 * The shape of the records of one table, or of one query.
 *
 * @param table where they come from
 * @param columns in the order of the fields
 * @param wireFormat the binary form that native types are or can be in, for example {@code postgresql}; empty when the
 *     source has none
 * @param listed whether the job names the columns one by one, so that their order is the user's. Otherwise the order is the
 *     source's, and a writer pairs columns by name where both sides have the same names
 */
public record Schema(TableName table, List<Column> columns, String wireFormat, boolean listed) {

    public Schema {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(wireFormat, "wireFormat");
        columns = List.copyOf(columns);
    }

    /** All columns of the source, in its own order, without a binary form of native types. */
    public static Schema of(TableName table, List<Column> columns) {
        return new Schema(table, columns, "", false);
    }

    /** The same schema, whose native types are or can be in this binary form. */
    public Schema withWireFormat(String other) {
        return new Schema(table, columns, other, listed);
    }

    /** The same schema, whose columns the job names one by one, or does not. */
    public Schema withListed(boolean other) {
        return new Schema(table, columns, wireFormat, other);
    }

    /** How many fields each record has. */
    public int width() {
        return columns.size();
    }

    /** The column at this position, from 0. */
    public Column column(int index) {
        return columns.get(index);
    }

    /** The same schema with native types as text, which any writer can take. */
    public Schema standard() {
        return new Schema(
                table,
                columns.stream()
                        .map(c -> c.withEncoding(Column.Encoding.STANDARD))
                        .toList(),
                "",
                listed);
    }
}
