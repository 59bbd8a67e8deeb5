package dev.transvase.postgresql.writer.target;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.transfer.ColumnTransfer;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table and how records get into it.
 *
 * @param table its name, with its schema
 * @param oid its OID
 * @param accepted what the reader delivers
 * @param wire what is left to send after the conversions; as {@code accepted} when there are none
 * @param transfers one for each column, in the order of the records
 * @param rowType the table's row type
 * @param binary whether all of a record can be sent in binary
 * @param mode how batches are sent
 * @param fields for each of the transfers the field of the reader's record, ascending; a field that is not among them is
 *     not written
 * @param key by which an upsert knows rows; of no other mode
 */
public record TargetTable(
        TableName table,
        int oid,
        Schema accepted,
        Schema wire,
        List<ColumnTransfer> transfers,
        RowType rowType,
        boolean binary,
        WriteMode mode,
        List<Integer> fields,
        Optional<ConflictKey> key) {

    private static final char ALWAYS = 'a';

    public TargetTable {
        transfers = List.copyOf(transfers);
        fields = List.copyOf(fields);
    }

    /** Whether what is sent differs from what the reader delivers. */
    public boolean converts() {
        return fields.size() != accepted.width() || transfers.stream().anyMatch(ColumnTransfer::converts);
    }

    /** Whether there are values to look at before they are sent. */
    public boolean checks() {
        return transfers.stream().anyMatch(t -> t.check().isPresent());
    }

    /** Whether the server reads texts as values of types that have no counterpart in the SPI. */
    public boolean readsTextOfOtherTypes() {
        boolean textOnly = mode == WriteMode.COPY && !binary;
        return transfers.stream()
                .anyMatch(t -> (textOnly || t.kind() == ColumnTransfer.Kind.TEXT)
                        && PgTypes.spiType(t.target().type()) instanceof Type.Native);
    }

    /** Whether an INSERT sends this column as part of a row, which is in binary. */
    public boolean inRow(int column) {
        return rowType.usable() && transfers.get(column).kind() != ColumnTransfer.Kind.TEXT;
    }

    /**
     * How many bytes a record takes in an INSERT's array of rows apart from its values: some for each of the table's columns,
     * whether it is written or not.
     */
    public int rowOverhead() {
        boolean inRows =
                mode != WriteMode.COPY && IntStream.range(0, transfers.size()).anyMatch(this::inRow);
        return inRows ? rowType.overhead() : 0;
    }

    /** Whether a column that is always generated is written nevertheless, which INSERT has to state. */
    public boolean overridesIdentity() {
        return transfers.stream().anyMatch(t -> isAlwaysIdentity(t.target()));
    }

    /** Whether a column's values are labels of an enum, which are the same in text and binary. */
    public boolean isLabel(int column) {
        return transfers.get(column).target().type().effective().typtype() == 'e';
    }

    /** Whether a column is always generated as identity: it takes other values only when they are inserted. */
    public static boolean isAlwaysIdentity(PgColumn column) {
        return column.identity() == ALWAYS;
    }

    /** The quoted names of the columns that are written. */
    public String columnList() {
        return transfers.stream().map(t -> SqlNames.quote(t.target().name())).collect(Collectors.joining(", "));
    }

    /**
     * For {@code transvase check}: the statement, and how the columns travel.
     *
     * @param statement what a batch is sent with
     */
    public String description(String statement) {
        StringBuilder text = new StringBuilder(statement);
        for (ColumnTransfer.Kind kind : ColumnTransfer.Kind.values()) {
            List<String> names = transfers.stream()
                    .filter(t -> t.kind() == kind)
                    .map(t -> t.target().name())
                    .toList();
            if (!names.isEmpty()) {
                text.append("; ").append(label(kind)).append(": ").append(String.join(", ", names));
            }
        }
        List<String> unwritten = IntStream.range(0, accepted.width())
                .filter(field -> !fields.contains(field))
                .mapToObj(field -> accepted.column(field).name())
                .toList();
        if (!unwritten.isEmpty()) {
            text.append("; computed by the server: ").append(String.join(", ", unwritten));
        }
        return text.toString();
    }

    /** For {@code transvase check}: for each of the reader's columns where its values go. */
    public List<String> into() {
        return IntStream.range(0, accepted.width())
                .mapToObj(field -> {
                    int column = fields.indexOf(field);
                    return column < 0
                            ? "nothing, the server computes it"
                            : reported(transfers.get(column).target());
                })
                .toList();
    }

    private static String reported(PgColumn column) {
        return column.name() + ' ' + column.declaredType();
    }

    /** Whether records laid out for the other one can be written as this one says; OIDs may differ. */
    public boolean sameLayout(TargetTable other) {
        if (!table.equals(other.table)
                || !accepted.equals(other.accepted)
                || transfers.size() != other.transfers.size()
                || !fields.equals(other.fields)
                || !key.equals(other.key)) {
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
