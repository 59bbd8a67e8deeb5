package dev.sluice.postgresql.writer;

import dev.sluice.spi.DirtyRecord;
import dev.sluice.spi.RecordBatch;
import dev.sluice.spi.RecordBatchBuilder;
import dev.sluice.spi.RecordCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs the conversions of a table's columns over batches. */
final class BatchConverter {

    private final TargetTable target;
    private final int table;
    private final RecordBatchBuilder builder;

    BatchConverter(int table, TargetTable target) {
        this.table = table;
        this.target = target;
        this.builder = new RecordBatchBuilder(target.wire());
    }

    /**
     * The records to send, each beside what it was made from.
     *
     * @param dirty takes those with a value that cannot be had in its column's type
     */
    List<WriteBatch.Part> convert(RecordBatch batch, Consumer<DirtyRecord> dirty) {
        if (batch.size() == 0) {
            return List.of();
        }
        if (!target.converts()) {
            return List.of(new WriteBatch.Part(batch, batch));
        }
        List<Integer> refused = new ArrayList<>();
        RecordCursor cursor = batch.cursor();
        while (cursor.advance()) {
            int column = 0;
            try {
                builder.beginRecord();
                for (; column < target.transfers().size(); column++) {
                    append(
                            cursor,
                            target.fields().get(column),
                            target.transfers().get(column),
                            batch.data());
                }
                builder.endRecord();
            } catch (BadValueException e) {
                builder.abandonRecord();
                refused.add(cursor.index());
                dirty.accept(DirtyRecords.refused(table, target, batch, cursor.index(), column, e));
            }
        }
        return pair(batch, builder.build(), refused);
    }

    private void append(RecordCursor cursor, int field, ColumnTransfer transfer, byte[] data) throws BadValueException {
        if (cursor.isNull(field)) {
            builder.appendNull();
        } else if (transfer.conversion().isPresent()) {
            transfer.conversion().get().convert(cursor, field, builder);
        } else {
            builder.appendEncoded(data, cursor.valueOffset(field), cursor.valueLength(field));
        }
    }

    /** Cuts the source where records were refused, so that source and converted records stay side by side. */
    private static List<WriteBatch.Part> pair(RecordBatch source, RecordBatch wire, List<Integer> refused) {
        List<WriteBatch.Part> parts = new ArrayList<>();
        int from = 0;
        int wireFrom = 0;
        for (int i = 0; i <= refused.size(); i++) {
            int to = i < refused.size() ? refused.get(i) : source.size();
            if (from < to) {
                int wireTo = wireFrom + to - from;
                parts.add(new WriteBatch.Part(source.slice(from, to), wire.slice(wireFrom, wireTo)));
                wireFrom = wireTo;
            }
            from = to + 1;
        }
        return parts;
    }
}
