package dev.transvase.postgresql.cdc.snapshot;

import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Position;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordKind;
import dev.transvase.spi.table.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The first stage of a stream that begins, or takes further tables in: it has the writer store that it is about to. A run that
 * finds this, and no more, knows that an earlier one did not come to the end of its snapshot: then the tables, which were empty at
 * first, are emptied.
 */
public final class IntentionReader implements SplitReader {

    private final Iterator<RecordBatch> batches;
    private final Position intended;
    private BatchEnd end = BatchEnd.withinTransaction();

    /**
     * @param intended what is stored
     * @param emptied the tables that are emptied first, with their indexes in the plan
     * @param any a schema of the plan's
     */
    public IntentionReader(StreamPosition intended, List<FollowedTable> emptied, Schema any) {
        List<RecordBatch> all = new ArrayList<>();
        for (FollowedTable table : emptied) {
            RecordBatchBuilder builder = new RecordBatchBuilder(table.schema(), table.index());
            builder.beginRecord(RecordKind.TRUNCATE);
            table.schema().columns().forEach(column -> builder.appendNull());
            all.add(builder.endRecord().build());
        }
        all.add(new RecordBatchBuilder(any).build());
        this.batches = all.iterator();
        this.intended = intended.toPosition();
    }

    @Override
    public Optional<RecordBatch> poll(Duration atMost) {
        RecordBatch next = batches.next();
        end = batches.hasNext() ? BatchEnd.withinTransaction() : BatchEnd.resumeAt(intended);
        return Optional.of(next);
    }

    @Override
    public boolean finished() {
        return !batches.hasNext();
    }

    @Override
    public BatchEnd end() {
        return end;
    }

    @Override
    public void cancel() {
        // It waits for nothing.
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
