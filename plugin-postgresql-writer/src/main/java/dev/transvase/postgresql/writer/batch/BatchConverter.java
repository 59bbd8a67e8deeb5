package dev.transvase.postgresql.writer.batch;

import dev.transvase.postgresql.writer.conversion.BadValueException;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.transfer.ColumnTransfer;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Runs the conversions of a table's columns over batches. */
public final class BatchConverter {

    private final TargetTable target;
    private final int table;
    private final RecordBatchBuilder builder;

    /** The columns with a check. */
    private final int[] checked;

    public BatchConverter(int table, TargetTable target) {
        this.table = table;
        this.target = target;
        this.builder = new RecordBatchBuilder(target.wire());
        this.checked = IntStream.range(0, target.transfers().size())
                .filter(i -> target.transfers().get(i).check().isPresent())
                .toArray();
    }

    /**
     * The records to send, each beside what it was made from.
     *
     * @param dirty takes those with a value that cannot be had in its column's type
     */
    public List<WriteBatch.Part> convert(RecordBatch batch, Consumer<DirtyRecord> dirty) {
        if (batch.size() == 0) {
            return List.of();
        }
        if (!target.converts() && !target.checks()) {
            return List.of(new WriteBatch.Part(batch, batch));
        }
        List<Integer> refused = new ArrayList<>();
        RecordCursor cursor = batch.cursor();
        while (cursor.advance()) {
            int bad = target.converts() ? convert(cursor, batch, dirty) : check(cursor, batch, dirty);
            if (bad >= 0) {
                refused.add(bad);
            }
        }
        return target.converts() ? pair(batch, builder.build(), refused) : leaveOut(batch, refused);
    }

    /** The record's index when it was refused, else -1. */
    private int check(RecordCursor cursor, RecordBatch batch, Consumer<DirtyRecord> dirty) {
        for (int column : checked) {
            try {
                check(cursor, column);
            } catch (BadValueException e) {
                return refuse(cursor, batch, column, e, dirty);
            }
        }
        return -1;
    }

    /** As {@link #check}, and adds the converted record. */
    private int convert(RecordCursor cursor, RecordBatch batch, Consumer<DirtyRecord> dirty) {
        int column = 0;
        try {
            builder.beginRecord();
            for (; column < target.transfers().size(); column++) {
                check(cursor, column);
                append(cursor, target.fields().get(column), target.transfers().get(column), batch.data());
            }
            builder.endRecord();
            return -1;
        } catch (BadValueException e) {
            builder.abandonRecord();
            return refuse(cursor, batch, column, e, dirty);
        }
    }

    private int refuse(
            RecordCursor cursor, RecordBatch batch, int column, BadValueException e, Consumer<DirtyRecord> dirty) {
        dirty.accept(DirtyRecords.refused(table, target, batch, cursor.index(), column, e));
        return cursor.index();
    }

    private void check(RecordCursor cursor, int column) throws BadValueException {
        ColumnTransfer transfer = target.transfers().get(column);
        int field = target.fields().get(column);
        if (transfer.check().isPresent() && !cursor.isNull(field)) {
            transfer.check().get().check(cursor, field);
        }
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

    /** What is between the refused records. */
    private static List<WriteBatch.Part> leaveOut(RecordBatch batch, List<Integer> refused) {
        List<WriteBatch.Part> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= refused.size(); i++) {
            int to = i < refused.size() ? refused.get(i) : batch.size();
            if (from < to) {
                RecordBatch good = batch.slice(from, to);
                parts.add(new WriteBatch.Part(good, good));
            }
            from = to + 1;
        }
        return parts;
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
