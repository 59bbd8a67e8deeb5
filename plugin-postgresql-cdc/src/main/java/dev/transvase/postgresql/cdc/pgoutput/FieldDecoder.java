package dev.transvase.postgresql.cdc.pgoutput;

import dev.transvase.spi.record.RecordBatchBuilder;

/** Appends a value that came as the server's text to a record, in its column's binary form. Chosen once for a column. */
@FunctionalInterface
public interface FieldDecoder {

    void append(byte[] data, int offset, int length, RecordBatchBuilder record);
}
