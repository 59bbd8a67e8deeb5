package dev.transvase.core.run;

import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.DirtyRecord;
import java.util.List;
import java.util.function.Consumer;

/** Books what the channels' writers tell: counters, error limit and the dirty records file. Thread-safe. */
final class ChannelJournal implements WriteJournal {

    private final List<String> ways;
    private final List<TableCounters> tables;
    private final ErrorLimit errorLimit;
    private final DirtyReporting telling;
    private final Consumer<DirtyRecord> dirtyRecords;
    private final Runnable securing;

    /**
     * @param ways what each table is called in messages
     * @param telling how dirty records are reported
     * @param dirtyRecords keeps each dirty record
     * @param securing returns when those that are kept outlive a crash of this machine
     */
    ChannelJournal(
            List<String> ways,
            List<TableCounters> tables,
            ErrorLimit errorLimit,
            DirtyReporting telling,
            Consumer<DirtyRecord> dirtyRecords,
            Runnable securing) {
        this.ways = ways;
        this.tables = tables;
        this.errorLimit = errorLimit;
        this.telling = telling;
        this.dirtyRecords = dirtyRecords;
        this.securing = securing;
    }

    @Override
    public void committed(int table, long records, long bytes) {
        tables.get(table).writtenRecords.add(records);
        tables.get(table).writtenBytes.add(bytes);
    }

    @Override
    public void skipped(int table, long records) {
        tables.get(table).skippedRecords.add(records);
    }

    @Override
    public void dirty(DirtyRecord dirty) {
        tables.get(dirty.table()).dirtyRecords.increment();
        dirtyRecords.accept(dirty);
        errorLimit.count(ways.get(dirty.table()), telling.message(dirty), dirty.remedy());
    }

    @Override
    public void secure() {
        securing.run();
    }

    @Override
    public long tolerance() {
        return errorLimit.tolerance();
    }
}
