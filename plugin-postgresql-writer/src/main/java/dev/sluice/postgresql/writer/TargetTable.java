package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.SqlNames;
import dev.sluice.spi.Schema;
import dev.sluice.spi.TableName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table and how records get into it.
 *
 * @param table its name, with its schema
 * @param accepted what the reader delivers
 * @param wire what is left to send after the conversions; as {@code accepted} when there are none
 * @param transfers one for each column, in the order of the records
 * @param rowType the table's row type
 * @param binary whether all of a record can be sent in binary
 * @param mode INSERT or COPY
 */
record TargetTable(
        TableName table,
        Schema accepted,
        Schema wire,
        List<ColumnTransfer> transfers,
        RowType rowType,
        boolean binary,
        WriteMode mode) {

    TargetTable {
        transfers = List.copyOf(transfers);
    }

    boolean converts() {
        return transfers.stream().anyMatch(ColumnTransfer::converts);
    }

    /** Whether an INSERT sends this column as part of a row, which is in binary. */
    boolean inRow(int column) {
        return rowType.usable() && transfers.get(column).kind() != ColumnTransfer.Kind.TEXT;
    }

    /** Whether a column that is always generated is written nevertheless, which INSERT has to be told. */
    boolean overridesIdentity() {
        return transfers.stream().anyMatch(t -> t.target().identity() == 'a');
    }

    /** The quoted names of the columns that are written. */
    String columnList() {
        return transfers.stream().map(t -> SqlNames.quote(t.target().name())).collect(Collectors.joining(", "));
    }

    /** The statement that a batch is sent with. */
    String statement() {
        return mode == WriteMode.COPY ? CopyStatement.sql(this) : InsertStatement.sql(this);
    }

    /** For {@code sluice check}: the statement, and how the columns travel. */
    String description() {
        StringBuilder text = new StringBuilder(statement());
        for (ColumnTransfer.Kind kind : ColumnTransfer.Kind.values()) {
            List<String> names = transfers.stream()
                    .filter(t -> t.kind() == kind)
                    .map(t -> t.target().name())
                    .toList();
            if (!names.isEmpty()) {
                text.append("; ").append(label(kind)).append(": ").append(String.join(", ", names));
            }
        }
        return text.toString();
    }

    /** Whether records laid out for the other one can be written as this one says; OIDs may differ. */
    boolean sameLayout(TargetTable other) {
        if (!table.equals(other.table)
                || !accepted.equals(other.accepted)
                || transfers.size() != other.transfers.size()) {
            return false;
        }
        for (int i = 0; i < transfers.size(); i++) {
            ColumnTransfer mine = transfers.get(i);
            ColumnTransfer its = other.transfers.get(i);
            if (mine.kind() != its.kind()
                    || !mine.target().name().equals(its.target().name())
                    || !mine.target().declaredType().equals(its.target().declaredType())) {
                return false;
            }
        }
        return true;
    }

    private static String label(ColumnTransfer.Kind kind) {
        return switch (kind) {
            case IDENTICAL -> "passed through";
            case CONVERT -> "converted";
            case TEXT -> "as text";
        };
    }
}
