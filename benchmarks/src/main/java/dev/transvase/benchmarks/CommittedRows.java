package dev.transvase.benchmarks;

import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.DirtyRecord;

/** Counts what a writer has made durable. For one thread. */
final class CommittedRows implements WriteJournal {

    private long rows;

    @Override
    public void committed(int table, long records, long bytes) {
        rows += records;
    }

    @Override
    public void dirty(DirtyRecord dirty) {
        throw new IllegalStateException(
                "There is nothing wrong with the rows, but the target says: " + dirty.message());
    }

    @Override
    public long tolerance() {
        return 0;
    }

    /** What has been committed since the last call. */
    long take() {
        long taken = rows;
        rows = 0;
        return taken;
    }
}
