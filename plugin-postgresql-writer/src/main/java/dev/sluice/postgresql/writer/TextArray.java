package dev.sluice.postgresql.writer;

import dev.sluice.spi.RecordBatch;
import dev.sluice.spi.RecordCursor;
import org.postgresql.core.Oid;

/** Gathers one column of a batch into an array of text, in binary. */
final class TextArray {

    private final int column;
    private final TextForm form;
    private final ByteBuilder bytes = new ByteBuilder(1024);

    TextArray(TargetTable target, int column) {
        this.column = column;
        this.form = new TextForm(target.wire().column(column), column);
    }

    byte[] gather(WriteBatch batch) {
        bytes.clear();
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
