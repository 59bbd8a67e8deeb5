package dev.transvase.postgresql.cdc.snapshot;

import dev.transvase.postgresql.cdc.source.SourceState;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Position;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Schema;
import java.time.Duration;
import java.util.Optional;

/** The end of a job that copies a snapshot only: its position is stored, and what was made at the source is removed. */
public final class SnapshotEndReader implements SplitReader {

    private final Position end;
    private final Schema schema;
    private final SourceState state;
    private boolean read;

    /** @param schema any of the plan's */
    public SnapshotEndReader(StreamPosition end, Schema schema, SourceState state) {
        this.end = end.toPosition();
        this.schema = schema;
        this.state = state;
    }

    @Override
    public Optional<RecordBatch> poll(Duration atMost) {
        state.drop();
        read = true;
        return Optional.of(new RecordBatchBuilder(schema).build());
    }

    @Override
    public boolean finished() {
        return read;
    }

    @Override
    public BatchEnd end() {
        return BatchEnd.resumeAt(end);
    }

    @Override
    public void cancel() {
        // The one statement it waits for is short.
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
