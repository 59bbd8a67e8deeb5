package dev.transvase.postgresql.writer.changes.apply;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.writer.batch.DirtyRecords;
import dev.transvase.postgresql.writer.changes.plan.ChangeLayout;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.record.RecordBatch;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is to be booked once a transaction is committed: how many changes it has, and which were refused. */
public final class Refusals {

    private final Map<Integer, long[]> sums = new HashMap<>();
    private final List<DirtyRecord> dirty = new ArrayList<>();

    /** Counts the changes of a group as applied. */
    public void count(ChangeGroup group) {
        for (RecordBatch batch : group.batches()) {
            if (batch.size() > 0) {
                add(batch.table(), batch.changes(), batch.bytes());
            }
        }
    }

    /** A change among those counted was refused. */
    void refuse(ChangeGroup group, int change, ChangeLayout layout, SQLException error) {
        RecordBatch batch = group.batch(change);
        add(batch.table(), -1, -group.bytes(change));
        dirty.add(DirtyRecord.of(
                        batch.table(),
                        DirtyRecords.values(layout.rows(), batch, group.record(change)),
                        SqlErrors.sqlState(error),
                        SqlErrors.constraint(error),
                        group.kind(change) + ": " + SqlErrors.message(error))
                .withPosition(group.position(change)));
    }

    private void add(int table, long changes, long bytes) {
        long[] sum = sums.computeIfAbsent(table, t -> new long[2]);
        sum[0] += changes;
        sum[1] += bytes;
    }

    /** How many changes were refused. */
    public int size() {
        return dirty.size();
    }

    /** Takes over what another one has. */
    public void addAll(Refusals other) {
        other.sums.forEach((table, sum) -> add(table, sum[0], sum[1]));
        dirty.addAll(other.dirty);
    }

    /** Books what was applied, after the commit. */
    public void book(WriteJournal journal) {
        sums.forEach((table, sum) -> {
            if (sum[0] != 0 || sum[1] != 0) {
                journal.committed(table, sum[0], sum[1]);
            }
        });
    }

    /** The refused changes. Those of a transaction whose end was not known have this one. */
    public List<DirtyRecord> refused(String end) {
        return dirty.stream()
                .map(one -> one.position().isEmpty() ? one.withPosition(end) : one)
                .toList();
    }
}
