package dev.transvase.stream;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Split;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.record.RecordBatch;

/** Counts records and forgets them, without looking into them. */
final class DiscardingChannelWriter implements ChannelWriter {

    private final WriteJournal journal;

    DiscardingChannelWriter(WriteJournal journal) {
        this.journal = journal;
    }

    @Override
    public void write(RecordBatch batch, Split split, BatchEnd end) {
        journal.committed(split.tableOf(batch), batch.changes(), batch.bytes());
    }

    @Override
    public void flush() {
        // Nothing is kept.
    }

    @Override
    public void cancel() {
        // No call takes long.
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
