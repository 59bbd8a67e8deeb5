package dev.transvase.postgresql.writer.changes.apply;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.writer.changes.plan.ChangeLayout;
import dev.transvase.postgresql.writer.changes.plan.ChangeTable;
import dev.transvase.postgresql.writer.changes.plan.TableReferences;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The target tables as they are in the current transaction, in which the stream may add columns to them. */
public final class ChangeTables {

    private final TableReferences references;

    /** Tables whose copy was cut short, by their index; none once something was committed. */
    private Set<Integer> copied;

    private final Notices notices;

    /** As of the last commit. */
    private List<ChangeTable> committed;

    /** Of tables, by their index, the columns that the source has added and that are done with. */
    private final Map<Integer, Set<String>> settled = new HashMap<>();

    /** As of the last commit. */
    private Map<Integer, Set<String>> settledBefore = Map.of();

    private final List<ChangeTable> current;

    /** Of each table what its last records were laid out like; {@code null} before the first. */
    private final ChangeLayout[] layouts;

    /**
     * @param copied tables whose copy was cut short, so that they are emptied first, by their index
     * @param notices takes what differs from the source
     */
    public ChangeTables(List<ChangeTable> tables, TableReferences references, Set<Integer> copied, Notices notices) {
        this.references = references;
        this.copied = copied;
        this.notices = notices;
        this.committed = List.copyOf(tables);
        this.current = new ArrayList<>(tables);
        this.layouts = new ChangeLayout[tables.size()];
    }

    public TableReferences references() {
        return references;
    }

    /** Whether it has only rows of a copy that was cut short, which no change of another table refers to. */
    boolean isCopied(ChangeTable table) {
        return copied.contains(table.index());
    }

    /** How records of this schema fit the table of this index. */
    ChangeLayout layout(int table, Schema schema) {
        ChangeLayout last = layouts[table];
        if (last != null && last.source().equals(schema)) {
            return last;
        }
        ChangeLayout made = new ChangeLayout(current.get(table), schema).requireFit();
        layouts[table] = made;
        return made;
    }

    /** Whether columns have to be added, or filled, before changes like these can be applied. */
    public boolean addsColumns(RecordBatch batch) {
        if (batch.size() == 0) {
            return false;
        }
        ChangeLayout layout = layout(batch.table(), batch.schema());
        return !layout.missing().isEmpty() || !unsettled(layout).isEmpty();
    }

    /**
     * Adds the columns that the source has added, and gives the rows that are there what the source's have in them. Needs a
     * transaction in which nothing has failed.
     *
     * @param group in which nothing was changed before its table got these columns
     */
    public void prepare(ChangeGroup group, PostgresSession session) throws SQLException {
        for (RecordBatch batch : group.batches()) {
            if (addsColumns(batch)) {
                prepare(layouts[batch.table()], session);
            }
        }
    }

    private void prepare(ChangeLayout layout, PostgresSession session) throws SQLException {
        AddedColumns columns = new AddedColumns(session, layout.table(), isShared(layout.table()), notices);
        List<Column> there = new ArrayList<>(unsettled(layout));
        there.removeAll(layout.missing());
        for (Column column : there) {
            columns.fill(column);
        }
        settle(layout);
        if (!layout.missing().isEmpty()) {
            columns.add(layout.missing());
            describeAnew(layout.table(), session);
        }
    }

    private boolean isShared(ChangeTable table) {
        return current.stream()
                        .filter(t -> t.table().oid() == table.table().oid())
                        .count()
                > 1;
    }

    private void describeAnew(ChangeTable table, PostgresSession session) throws SQLException {
        TableDescription altered =
                TableDescription.describe(session, table.table().table());
        for (int i = 0; i < current.size(); i++) {
            if (current.get(i).table().oid() == altered.oid()) {
                current.set(i, current.get(i).with(altered));
                layouts[i] = null;
            }
        }
    }

    /** The columns that the source has added and that rows at the target were not brought up to yet. */
    private List<Column> unsettled(ChangeLayout layout) {
        Set<String> done = settled.getOrDefault(layout.table().index(), Set.of());
        return layout.added().stream().filter(c -> !done.contains(c.name())).toList();
    }

    /** A column that is no longer reported as added, or is gone, would have to be checked again when it comes back. */
    private void settle(ChangeLayout layout) {
        settled.put(
                layout.table().index(),
                Set.copyOf(layout.added().stream().map(Column::name).toList()));
    }

    /** What was added is permanent. */
    public void committed() {
        committed = List.copyOf(current);
        settledBefore = Map.copyOf(settled);
        copied = Set.of();
    }

    /** What was added since the last commit is gone. */
    public void rolledBack() {
        for (int i = 0; i < current.size(); i++) {
            if (!current.get(i).equals(committed.get(i))) {
                current.set(i, committed.get(i));
                layouts[i] = null;
            }
        }
        settled.clear();
        settled.putAll(settledBefore);
    }
}
