package dev.transvase.postgresql.writer.target;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.writer.transfer.ColumnTransfer;
import java.util.List;

/**
 * The composite type that the server keeps for a table's rows. An array of it takes a whole batch in binary, arrays and
 * user-defined types included, and the server checks each value as it does in a binary COPY.
 *
 * @param oid the row type
 * @param arrayOid the type of arrays of it; 0 when there is none
 * @param attributes the type of each of the table's columns, in their order
 * @param fields for each of the table's columns the record's field that goes there, or -1
 */
public record RowType(int oid, int arrayOid, List<Integer> attributes, List<Integer> fields) {

    public RowType {
        attributes = List.copyOf(attributes);
        fields = List.copyOf(fields);
    }

    /**
     * The row type of a table for columns that travel so. What does not travel in the row is NULL there: a domain may forbid
     * that although the column is filled otherwise. And the server takes a row in binary only when it can take each type
     * so. Otherwise there is no row type, and all columns travel as text.
     */
    public static RowType of(TableDescription table, int oid, int arrayOid, List<ColumnTransfer> transfers) {
        List<PgColumn> written = transfers.stream().map(ColumnTransfer::target).toList();
        boolean fit = true;
        for (PgColumn column : table.columns()) {
            int field = written.indexOf(column);
            boolean inRow = field >= 0 && transfers.get(field).kind() != ColumnTransfer.Kind.TEXT;
            boolean binary =
                    column.type().hasBinary() && column.type().effective().hasBinary();
            fit &= binary && (inRow || column.type().typtype() != 'd');
        }
        return new RowType(
                oid,
                fit ? arrayOid : 0,
                table.columns().stream().map(PgColumn::typeOid).toList(),
                table.columns().stream().map(written::indexOf).toList());
    }

    /** Whether rows can be sent in it. */
    public boolean usable() {
        return arrayOid != 0;
    }

    /** How many bytes a row takes apart from its values: its length and number of fields, and each field's type and length. */
    public int overhead() {
        return 8 + 8 * attributes.size();
    }
}
