package dev.transvase.stream;

import static dev.transvase.stream.StreamErrors.BAD_POSITION;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Position;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Schema;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes one split's records. Its position is the number of records made. */
final class StreamSplitReader implements SplitReader {

    private static final int BATCH_RECORDS = 1024;
    private static final int BATCH_BYTES = 1 << 20;

    private final Values[] values;
    private final Draw draw;
    private final long firstSequence;
    private final long count;
    private final RecordBatchBuilder builder;
    /** Whether all batches are alike, so that the first can be handed out again and again. */
    private final boolean constant;

    private RecordBatch constantBatch;
    private long next;
    private volatile boolean cancelled;

    StreamSplitReader(
            Schema schema, List<GeneratedColumn> columns, Draw draw, int split, long count, Position position) {
        this.values = columns.stream().map(GeneratedColumn::values).toArray(Values[]::new);
        this.draw = draw;
        this.firstSequence = split * count;
        this.count = count;
        this.builder = new RecordBatchBuilder(schema);
        this.constant = columns.stream().allMatch(c -> c.values() instanceof Values.Constant);
        this.next = recordsBefore(position);
    }

    private long recordsBefore(Position position) {
        byte[] token = position.token();
        if (token.length == 0) {
            return 0;
        }
        long records = token.length == Long.BYTES ? ByteBuffer.wrap(token).getLong() : -1;
        if (records < 0 || records > count) {
            throw TransvaseException.of(
                    BAD_POSITION,
                    "the stored position \"" + position.description() + "\" is not one of a stream of " + count
                            + " records; was sliceRecordCount changed?");
        }
        return records;
    }

    @Override
    public Optional<RecordBatch> poll(Duration atMost) {
        if (cancelled || finished()) {
            return Optional.empty();
        }
        RecordBatch batch = constant ? repeated() : made();
        next += batch.size();
        return Optional.of(batch);
    }

    private RecordBatch repeated() {
        long left = count - next;
        if (constantBatch == null) {
            constantBatch = made();
        }
        return left >= constantBatch.size() ? constantBatch : constantBatch.slice(0, (int) left);
    }

    private RecordBatch made() {
        long left = count - next;
        for (int i = 0; i < BATCH_RECORDS && i < left && builder.bytes() < BATCH_BYTES; i++) {
            long record = next + i;
            builder.beginRecord();
            for (int column = 0; column < values.length; column++) {
                draw.moveTo(record, column);
                values[column].append(draw, firstSequence + record, builder);
            }
            builder.endRecord();
        }
        return builder.build();
    }

    @Override
    public boolean finished() {
        return next >= count;
    }

    @Override
    public BatchEnd end() {
        byte[] token = ByteBuffer.allocate(Long.BYTES).putLong(next).array();
        return BatchEnd.resumeAt(Position.of(token, "record " + next));
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
