package dev.transvase.postgresql.writer.changes;

import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.DirtyRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The changes of a transaction that were reported as refused. That comes before its commit, which may have to be tried once more: then
 * those that are rejected again are not reported again.
 */
final class ReportedRefusals {

    private final WriteJournal journal;

    /** Some may look alike. */
    private final Map<DirtyRecord, Integer> reported = new HashMap<>();

    ReportedRefusals(WriteJournal journal) {
        this.journal = journal;
    }

    void tell(List<DirtyRecord> refused) {
        Map<DirtyRecord, Integer> before = new HashMap<>(reported);
        for (DirtyRecord one : refused) {
            if (before.merge(one, -1, Integer::sum) < 0) {
                reported.merge(one, 1, Integer::sum);
                journal.dirty(one);
            }
        }
    }

    /** How many were reported, which the job has tolerated already. */
    long size() {
        return reported.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** The transaction is committed. */
    void clear() {
        reported.clear();
    }
}
