package dev.transvase.postgresql.writer.changes.plan;

import static dev.transvase.postgresql.writer.error.WriterErrors.UNSUPPORTED_CONVERSION;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgType;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.transfer.ColumnTransfer;
import dev.transvase.postgresql.writer.transfer.TransferChooser;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How records of one schema fit a table: columns are paired by their names. */
public final class ChangeLayout {

    /** Before PostgreSQL 12 the server makes an array of something else of several of these. */
    private static final int OID_VECTOR = 30;

    private final ChangeTable table;
    private final Schema source;

    /** Of each of the schema's columns how it gets into the table; {@code null} when it does not. */
    private final ColumnTransfer[] transfers;

    private final List<Column> missing = new ArrayList<>();
    private final List<Column> unfit = new ArrayList<>();
    private final List<Column> added;
    private final int[] written;
    private final int[] key;
    private final boolean extra;
    private final Map<BitSet, Projection> projections = new HashMap<>();

    public ChangeLayout(ChangeTable table, Schema source) {
        this.table = table;
        this.source = source;
        this.transfers = new ColumnTransfer[source.width()];
        BitSet found = new BitSet();
        for (int field = 0; field < source.width(); field++) {
            Column column = source.column(field);
            if (table.takes(column.name())) {
                transfers[field] = transfer(column);
                found.set(field, transfers[field] != null);
            }
        }
        this.added = source.columns().stream()
                .filter(c -> c.added().isPresent() && table.takes(c.name()))
                .toList();
        this.written = found.stream().toArray();
        this.key = key(table, source);
        this.extra = table.table().columns().stream()
                .anyMatch(c -> !c.generated()
                        && found.stream().noneMatch(f -> transfers[f].target().equals(c)));
    }

    private ColumnTransfer transfer(Column column) {
        Optional<PgColumn> target = table.table().column(column.name());
        if (target.isEmpty()) {
            missing.add(column);
            return null;
        }
        if (target.get().generated()) {
            return null;
        }
        Optional<ColumnTransfer> transfer = TransferChooser.choose(source, column, target.get(), table.server());
        if (transfer.isEmpty()) {
            unfit.add(column);
        }
        return transfer.orElse(null);
    }

    private static int[] key(ChangeTable table, Schema source) {
        List<String> names = source.columns().stream().map(Column::name).toList();
        return table.key().map(ChangeKey::columns).orElse(List.of()).stream()
                .mapToInt(names::indexOf)
                .toArray();
    }

    public ChangeTable table() {
        return table;
    }

    public Schema source() {
        return source;
    }

    /** The reader's columns that the table has not. */
    public List<Column> missing() {
        return missing;
    }

    /** Those that the source's table has got and that are, or are to be, written. */
    public List<Column> added() {
        return added;
    }

    /** The reader's columns that cannot be had in the table's types without loss. */
    List<Column> unfit() {
        return unfit;
    }

    /** The fields that are written. */
    public int[] written() {
        return written;
    }

    /** How a field that is written gets into the table. */
    ColumnTransfer transfer(int field) {
        return transfers[field];
    }

    /** The key's fields; none when rows are found by all that is known of them. */
    public int[] key() {
        return key;
    }

    public boolean keyed() {
        return key.length > 0;
    }

    /** Whether no two rows ever have one key. */
    public boolean tellsRowsApart() {
        return keyed() && !keyIsDeferrable();
    }

    /** Whether several rows may have one key within a transaction. */
    public boolean keyIsDeferrable() {
        return keyed() && table.key().map(ChangeKey::deferrable).orElse(false);
    }

    boolean isKey(int field) {
        for (int each : key) {
            if (each == field) {
                return true;
            }
        }
        return false;
    }

    /** Whether the server lets no update set this column. */
    private boolean isAlwaysIdentity(int field) {
        return TargetTable.isAlwaysIdentity(transfers[field].target());
    }

    /** Whether an update of rows with these values can set this field. */
    public boolean settable(int field, boolean withKey) {
        return !isAlwaysIdentity(field) && (withKey || !isKey(field));
    }

    /** Whether a row whose key changes may be deleted and inserted instead. Nothing else must hang on it. */
    public boolean movable() {
        boolean fixed = false;
        for (int field : key) {
            fixed |= isAlwaysIdentity(field);
        }
        return !table.referenced() && (!extra || fixed);
    }

    /**
     * Whether rows are looked up by an array of their keys: one column with a unique index, of a type that has arrays in all
     * releases, in a table that is neither partitioned nor inherited from. Without the index every row would be compared with
     * every key, and each of several tables would be asked for all keys.
     */
    public boolean foundByArray() {
        if (key.length != 1 || !table.key().orElseThrow().indexed()) {
            return false;
        }
        PgType type = transfers[key[0]].target().type();
        return table.table().relkind() == 'r'
                && !table.table().hasChildren()
                && type.arrayOid() != 0
                && type.typtype() != 'd'
                && type.oid() != OID_VECTOR;
    }

    /** Whether a row that was deleted and inserted again has to be, as an update would leave something of the old one. */
    public boolean replacedByInsert() {
        boolean fixed = false;
        for (int field : written) {
            fixed |= !isKey(field) && isAlwaysIdentity(field);
        }
        return !table.referenced() && (extra || fixed);
    }

    /** How rows are written that come before the changes. */
    public TargetTable rows() {
        return Projection.target(
                this, written, source, Arrays.stream(written).boxed().toList());
    }

    /** All columns that are written. */
    public Projection all() {
        return of(written);
    }

    /** These fields of the records; each is written. */
    public Projection of(int... fields) {
        BitSet chosen = new BitSet();
        for (int field : fields) {
            chosen.set(field);
        }
        return projections.computeIfAbsent(
                chosen, c -> new Projection(this, c.stream().toArray()));
    }

    /**
     * This layout, once it is known to take all records of its schema.
     *
     * @throws TransvaseException when records of this schema cannot be written
     */
    public ChangeLayout requireFit() {
        for (Column column : unfit) {
            throw unfit(column);
        }
        for (int field : written) {
            if (transfers[field].source().encoding() != source.column(field).encoding()) {
                throw unfit(source.column(field));
            }
        }
        return this;
    }

    private TransvaseException unfit(Column column) {
        return TransvaseException.of(
                UNSUPPORTED_CONVERSION,
                "column " + column.name() + " of " + table.table().table() + " is "
                        + table.table()
                                .column(column.name())
                                .map(PgColumn::declaredType)
                                .orElse("missing")
                        + ", the source's is " + column.declaredType() + ", which would lose part of the value");
    }
}
