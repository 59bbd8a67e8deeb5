package dev.transvase.core.run;

import dev.transvase.core.run.Progress.Changes;
import dev.transvase.spi.record.RecordBatch;
import java.util.concurrent.atomic.LongAdder;

/** What a run has read of a change stream so far. Thread-safe. */
final class ChangeCounters {

    private final LongAdder inserts = new LongAdder();
    private final LongAdder updates = new LongAdder();
    private final LongAdder deletes = new LongAdder();
    private final LongAdder truncates = new LongAdder();

    /** How often readers that are closed had to make their connections again. */
    private final LongAdder reconnects = new LongAdder();

    /** Counts a batch's changes; once a batch, so that a record costs no more than a look at its kind. */
    void read(RecordBatch batch) {
        int inserted = 0;
        int updated = 0;
        int deleted = 0;
        int truncated = 0;
        for (int i = 0; i < batch.size(); i++) {
            switch (batch.kind(i)) {
                case INSERT -> inserted++;
                case UPDATE_AFTER -> updated++;
                case DELETE -> deleted++;
                case TRUNCATE -> truncated++;
                case UPDATE_BEFORE -> {} // one change with the record after it
            }
        }
        inserts.add(inserted);
        updates.add(updated);
        deletes.add(deleted);
        truncates.add(truncated);
    }

    /** A reader was closed that had to make its connection again so often. */
    void reconnected(long times) {
        reconnects.add(times);
    }

    /** @param reconnects of the readers that are open */
    Changes soFar(long reconnects) {
        return new Changes(
                inserts.sum(), updates.sum(), deletes.sum(), truncates.sum(), this.reconnects.sum() + reconnects);
    }
}
