package dev.transvase.postgresql.writer.changes.apply;

import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.changes.plan.ChangeLayout;
import dev.transvase.postgresql.writer.changes.plan.Projection;
import dev.transvase.postgresql.writer.changes.statement.ChangeStatements;
import dev.transvase.postgresql.writer.changes.statement.RowMismatchException;
import dev.transvase.postgresql.writer.wire.RowImage;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordKind;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** Changes of one table that are applied together. */
final class TableChanges {

    private final ChangeLayout layout;
    private final ChangeGroup group;

    /** What they come to, in a table whose key tells rows apart at any time; {@code null} as long as they only insert rows. */
    private RowStates states;

    /** Their numbers in order, as long as there are no states. */
    private int[] changes = new int[16];

    private int size;

    TableChanges(ChangeLayout layout, ChangeGroup group) {
        this.layout = layout;
        this.group = group;
    }

    ChangeLayout layout() {
        return layout;
    }

    /** As {@link RowStates#add}, but for rows that are inserted before any other change: the server tells what is wrong with them. */
    boolean add(int change) throws RowMismatchException {
        if (states == null && layout.tellsRowsApart() && group.kind(change) != RecordKind.INSERT) {
            states = new RowStates(layout);
            for (int i = 0; i < size; i++) {
                states.add(group, changes[i]);
            }
        }
        if (states != null) {
            return states.add(group, change);
        }
        if (size == changes.length) {
            changes = Arrays.copyOf(changes, 2 * size);
        }
        changes[size++] = change;
        return true;
    }

    /** Deletes what is to be deleted. */
    void delete(ChangeStatements statements) throws SQLException {
        if (states == null) {
            return;
        }
        Projection key = layout.of(layout.key());
        int count = 0;
        for (int state = 0; state < states.size(); state++) {
            if (states.deletes(state)) {
                key.add(states.row(state));
                count++;
            }
        }
        if (count > 0) {
            requireFound(statements.delete(key, key.build()), count, "deleted");
        }
    }

    /** Does all else. */
    void updateAndInsert(ChangeStatements statements, SingleChanges singles) throws SQLException {
        if (states == null) {
            applyInOrder(statements, singles);
            return;
        }
        update(statements);
        Projection all = layout.all();
        int count = 0;
        for (int state = 0; state < states.size(); state++) {
            if (states.inserts(state)) {
                all.add(states.row(state));
                count++;
            }
        }
        if (count > 0) {
            statements.insert(all, all.build());
        }
    }

    /** One statement for each set of columns that there are values for. */
    private void update(ChangeStatements statements) throws SQLException {
        Projection all = layout.all();
        Map<BitSet, BitSet> partial = new LinkedHashMap<>();
        int count = 0;
        for (int state = 0; state < states.size(); state++) {
            if (states.updates(state)) {
                RowImage row = states.row(state);
                if (row.complete()) {
                    all.add(row);
                    count++;
                } else {
                    partial.computeIfAbsent(present(row), p -> new BitSet()).set(state);
                }
            }
        }
        update(statements, all, count);
        for (Map.Entry<BitSet, BitSet> some : partial.entrySet()) {
            Projection values = layout.of(some.getKey().stream().toArray());
            some.getValue().stream().forEach(state -> values.add(states.row(state)));
            update(statements, values, some.getValue().cardinality());
        }
    }

    private void update(ChangeStatements statements, Projection values, int count) throws SQLException {
        if (count == 0) {
            return;
        }
        WriteBatch batch = values.build();
        if (Arrays.stream(values.fields()).anyMatch(field -> layout.settable(field, false))) {
            requireFound(statements.update(values, batch), count, "updated");
        }
    }

    private BitSet present(RowImage row) {
        BitSet present = new BitSet();
        for (int field : layout.written()) {
            present.set(field, row.has(field));
        }
        return present;
    }

    private void applyInOrder(ChangeStatements statements, SingleChanges singles) throws SQLException {
        Projection all = layout.all();
        for (int i = 0, end; i < size; i = end) {
            end = i;
            while (end < size && group.kind(changes[end]) == RecordKind.INSERT) {
                int first = end;
                RecordBatch batch = group.batch(changes[first]);
                do {
                    end++;
                } while (end < size && continues(batch, end));
                all.add(batch.slice(group.record(changes[first]), group.record(changes[end - 1]) + 1));
            }
            if (end > i) {
                statements.insert(all, all.build());
            } else {
                singles.apply(layout, group, changes[end++]);
            }
        }
    }

    /** Whether this one inserts the row that follows that of the one before in the same batch. */
    private boolean continues(RecordBatch batch, int i) {
        return group.batch(changes[i]) == batch
                && group.record(changes[i]) == group.record(changes[i - 1]) + 1
                && group.kind(changes[i]) == RecordKind.INSERT;
    }

    private static void requireFound(long found, int expected, String doing) throws RowMismatchException {
        if (found != expected) {
            throw RowMismatchException.found(found, expected, doing);
        }
    }
}
