package dev.transvase.postgresql.writer.changes;

import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.DirtyRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The changes of a transaction that were told as refused. That comes before its commit, which may have to be tried once more: then
 * those that are refused again are not told again.
 */
final class ToldRefusals {

    private final WriteJournal journal;

    /** Some may look alike. */
    private final Map<DirtyRecord, Integer> told = new HashMap<>();

    ToldRefusals(WriteJournal journal) {
        this.journal = journal;
    }

    void tell(List<DirtyRecord> refused) {
        Map<DirtyRecord, Integer> before = new HashMap<>(told);
        for (DirtyRecord one : refused) {
            if (before.merge(one, -1, Integer::sum) < 0) {
                told.merge(one, 1, Integer::sum);
                journal.dirty(one);
            }
        }
    }

    /** How many were told, which the job has borne already. */
    long size() {
        return told.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** The transaction is committed. */
    void clear() {
        told.clear();
    }
}
