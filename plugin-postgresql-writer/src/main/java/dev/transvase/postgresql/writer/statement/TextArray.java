package dev.transvase.postgresql.writer.statement;

import dev.transvase.postgresql.writer.batch.RecordSize;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.wire.ByteBuilder;
import dev.transvase.postgresql.writer.wire.TextForm;
import dev.transvase.postgresql.writer.wire.WireBytes;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordCursor;
import org.postgresql.core.Oid;

/** Gathers one column of a batch into an array of text, in binary. */
final class TextArray {

    /** Only batches from this size on can be too large as text. */
    private static final int LARGE = 1 << 28;

    private final int column;
    private final TextForm form;
    private final ByteBuilder bytes = new ByteBuilder(1024);

    TextArray(TargetTable target, int column) {
        this.column = column;
        this.form = new TextForm(target.wire().column(column), column);
    }

    private void requireFit(WriteBatch batch) {
        long size = WireBytes.ARRAY_HEADER + (long) Integer.BYTES * batch.records();
        for (WriteBatch.Part part : batch.parts()) {
            for (RecordCursor cursor = part.wire().cursor(); cursor.advance(); ) {
                size += cursor.isNull(column) ? 0 : form.length(cursor);
            }
        }
        if (size > WireBytes.MAX_VALUE) {
            throw RecordSize.ofTexts(batch, column, size);
        }
    }

    byte[] gather(WriteBatch batch) {
        bytes.clear();
        if (batch.wireBytes() > LARGE) {
            requireFit(batch);
        }
        byte[] header = new byte[WireBytes.ARRAY_HEADER];
        WireBytes.putArrayHeader(header, Oid.TEXT, batch.records());
        bytes.append(header, 0, header.length);
        for (WriteBatch.Part part : batch.parts()) {
            RecordBatch wire = part.wire();
            RecordCursor cursor = wire.cursor();
            while (cursor.advance()) {
                int start = bytes.size();
                bytes.appendInt(RecordBatch.NULL);
                if (!cursor.isNull(column)) {
                    form.append(cursor, wire.data(), bytes);
                    bytes.putInt(start, bytes.size() - start - Integer.BYTES);
                }
            }
        }
        return bytes.toByteArray();
    }
}
