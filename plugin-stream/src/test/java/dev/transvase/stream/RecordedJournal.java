package dev.transvase.stream;

import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.DirtyRecord;

/** Adds up what a channel reports. */
final class RecordedJournal implements WriteJournal {

    long records;
    long bytes;
    int lastTable = -1;

    @Override
    public void committed(int table, long moreRecords, long moreBytes) {
        lastTable = table;
        records += moreRecords;
        bytes += moreBytes;
    }

    @Override
    public void dirty(DirtyRecord dirty) {
        throw new AssertionError("no record can be dirty here: " + dirty);
    }

    @Override
    public long tolerance() {
        return 0;
    }
}
