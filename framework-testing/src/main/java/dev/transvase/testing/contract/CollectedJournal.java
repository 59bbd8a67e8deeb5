package dev.transvase.testing.contract;

import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.TransvaseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps what a channel's writer tells, and fails as the runtime does when there are more dirty records than tolerated. */
public final class CollectedJournal implements WriteJournal {

    private final long tolerated;
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final List<DirtyRecord> dirty = new ArrayList<>();

    /** @param tolerated how many dirty records are accepted */
    public CollectedJournal(long tolerated) {
        this.tolerated = tolerated;
    }

    @Override
    public void committed(int table, long committedRecords, long committedBytes) {
        records.addAndGet(committedRecords);
        bytes.addAndGet(committedBytes);
    }

    @Override
    public void skipped(int table, long records) {
        skipped.addAndGet(records);
    }

    @Override
    public synchronized void dirty(DirtyRecord record) {
        dirty.add(record);
        if (dirty.size() > tolerated) {
            throw TransvaseException.of(ErrorCode.user("ERROR_LIMIT_EXCEEDED"), "dirty records: " + dirty.size());
        }
    }

    @Override
    public synchronized long tolerance() {
        return Math.max(0, tolerated - dirty.size());
    }

    /** How many records are durable. */
    public long committedRecords() {
        return records.get();
    }

    /** Their size. */
    public long committedBytes() {
        return bytes.get();
    }

    /** How many records the target left out without an error. */
    public long skippedRecords() {
        return skipped.get();
    }

    /** The dirty ones, in the order in which they were reported. */
    public synchronized List<DirtyRecord> dirtyRecords() {
        return List.copyOf(dirty);
    }
}
