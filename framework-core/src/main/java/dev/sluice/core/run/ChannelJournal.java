package dev.sluice.core.run;

import dev.sluice.spi.DirtyRecord;
import dev.sluice.spi.WriteJournal;
import java.util.List;
import java.util.function.Consumer;

/** Books what the channels' writers tell: counters, error limit and the dirty records file. Thread-safe. */
final class ChannelJournal implements WriteJournal {

    private final List<String> targets;
    private final List<TableCounters> tables;
    private final ErrorLimit errorLimit;
    private final Consumer<DirtyRecord> dirtyRecords;

    /** @param dirtyRecords keeps each dirty record */
    ChannelJournal(
            List<String> targets,
            List<TableCounters> tables,
            ErrorLimit errorLimit,
            Consumer<DirtyRecord> dirtyRecords) {
        this.targets = targets;
        this.tables = tables;
        this.errorLimit = errorLimit;
        this.dirtyRecords = dirtyRecords;
    }

    @Override
    public void committed(int table, long records, long bytes) {
        tables.get(table).writtenRecords.add(records);
        tables.get(table).writtenBytes.add(bytes);
    }

    @Override
    public void dirty(DirtyRecord dirty) {
        tables.get(dirty.table()).dirtyRecords.increment();
        dirtyRecords.accept(dirty);
        errorLimit.count(targets.get(dirty.table()), dirty.message());
    }

    @Override
    public long tolerance() {
        return errorLimit.tolerance();
    }
}
