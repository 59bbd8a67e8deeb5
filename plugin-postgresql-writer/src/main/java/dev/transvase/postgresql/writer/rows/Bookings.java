package dev.transvase.postgresql.writer.rows;

import dev.transvase.postgresql.writer.batch.TakenRows;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.spi.WriteJournal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells the journal what has become durable. */
final class Bookings {

    private final WriteJournal journal;

    Bookings(WriteJournal journal) {
        this.journal = journal;
    }

    /** Books what was committed, and what the target left out of it. */
    void add(List<WriteBatch> durable, TakenRows taken) {
        Map<Integer, long[]> tables = new HashMap<>();
        for (WriteBatch batch : durable) {
            long[] sums = tables.computeIfAbsent(batch.table(), t -> new long[2]);
            sums[0] += batch.records();
            sums[1] += batch.bytes();
        }
        tables.forEach((table, sums) -> {
            if (sums[0] > 0) {
                book(table, sums, taken.skipped(table));
            }
        });
    }

    private void book(int table, long[] sums, long left) {
        // Which they were the server does not say: they count with their share of the bytes.
        journal.committed(table, sums[0] - left, sums[1] - Math.round((double) sums[1] * left / sums[0]));
        if (left > 0) {
            journal.skipped(table, left);
        }
    }
}
