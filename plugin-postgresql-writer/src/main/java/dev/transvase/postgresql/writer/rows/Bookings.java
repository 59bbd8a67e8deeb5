package dev.transvase.postgresql.writer.rows;

import dev.transvase.postgresql.writer.batch.TakenRows;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.spi.WriteJournal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells the journal what has become durable, each record once. */
final class Bookings {

    private final WriteJournal journal;

    /** Whether records are being written that may have been booked before. */
    private boolean repeating;

    Bookings(WriteJournal journal) {
        this.journal = journal;
    }

    /** What was booked of records that are about to be written again, one way or another. */
    record Earlier(List<WriteBatch> durable, TakenRows taken) {}

    /** Books what was committed, and what the target left out of it. */
    void add(List<WriteBatch> durable, TakenRows taken) {
        if (!repeating) {
            book(new Earlier(List.of(), new TakenRows()), durable, taken);
        }
    }

    /** Keeps what was booked so far; until {@link #addLater} nothing more is. */
    Earlier remember(List<WriteBatch> durable, TakenRows taken) {
        TakenRows copy = new TakenRows();
        copy.addAll(taken);
        repeating = true;
        return new Earlier(List.copyOf(durable), copy);
    }

    /** Books what was committed beyond what was booked earlier. */
    void addLater(Earlier earlier, List<WriteBatch> durable, TakenRows taken) {
        repeating = false;
        book(earlier, durable, taken);
    }

    private void book(Earlier earlier, List<WriteBatch> durable, TakenRows taken) {
        Map<Integer, long[]> tables = new HashMap<>();
        add(tables, durable, 1);
        add(tables, earlier.durable(), -1);
        tables.forEach((table, sums) -> {
            if (sums[0] > 0) {
                book(
                        table,
                        sums,
                        Math.max(0, taken.skipped(table) - earlier.taken().skipped(table)));
            }
        });
    }

    private static void add(Map<Integer, long[]> tables, List<WriteBatch> batches, long sign) {
        for (WriteBatch batch : batches) {
            long[] sums = tables.computeIfAbsent(batch.table(), t -> new long[2]);
            sums[0] += sign * batch.records();
            sums[1] += sign * batch.bytes();
        }
    }

    private void book(int table, long[] sums, long left) {
        // Which they were the server does not say: they count with their share of the bytes.
        journal.committed(table, sums[0] - left, sums[1] - Math.round((double) sums[1] * left / sums[0]));
        if (left > 0) {
            journal.skipped(table, left);
        }
    }
}
