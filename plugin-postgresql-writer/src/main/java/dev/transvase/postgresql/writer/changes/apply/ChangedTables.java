package dev.transvase.postgresql.writer.changes.apply;

import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordKind;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/** Of which tables rows are deleted and updated in a transaction: by them the server may have changed rows of others. */
public final class ChangedTables {

    private final Set<Integer> deleted = new HashSet<>();
    private final Set<Integer> updated = new HashSet<>();

    /** Takes in what a group changes. */
    public void add(ChangeGroup group, ChangeTables tables) {
        for (RecordBatch batch : group.batches()) {
            boolean deletes = false;
            boolean updates = false;
            for (int record = 0; record < batch.size(); record++) {
                deletes |= batch.kind(record) == RecordKind.DELETE;
                updates |= batch.kind(record) == RecordKind.UPDATE_AFTER;
            }
            if (deletes || updates) {
                int oid = tables.layout(batch.table(), batch.schema())
                        .table()
                        .table()
                        .oid();
                put(deletes, deleted, oid);
                put(updates, updated, oid);
            }
        }
    }

    private static void put(boolean changed, Set<Integer> to, int oid) {
        if (changed) {
            to.add(oid);
        }
    }

    void addAll(ChangedTables others) {
        deleted.addAll(others.deleted);
        updated.addAll(others.updated);
    }

    public void clear() {
        deleted.clear();
        updated.clear();
    }

    /** Whether rows of one of these were deleted. */
    boolean deletedAny(Set<Integer> oids) {
        return !Collections.disjoint(deleted, oids);
    }

    /** Whether rows of one of these were updated. */
    boolean updatedAny(Set<Integer> oids) {
        return !Collections.disjoint(updated, oids);
    }
}
