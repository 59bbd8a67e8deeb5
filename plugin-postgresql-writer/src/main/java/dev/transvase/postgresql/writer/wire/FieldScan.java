package dev.transvase.postgresql.writer.wire;

import static dev.transvase.postgresql.writer.error.WriterErrors.UNCHANGED_VALUE;
import static dev.transvase.spi.error.CommonErrors.MALFORMED_RECORD;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;

/** Finds the fields of a record in a batch's bytes. */
public final class FieldScan {

    /** Where the value of each field starts, and its length or {@link RecordBatch#NULL}. */
    public final int[] offsets;

    public final int[] lengths;

    public FieldScan(int width) {
        this.offsets = new int[width];
        this.lengths = new int[width];
    }

    /** Moves to the record that starts here. */
    public void moveTo(byte[] data, int start) {
        int fields = WireBytes.getShort(data, start);
        if (fields != offsets.length) {
            throw TransvaseException.of(
                    MALFORMED_RECORD, "a record has " + fields + " fields, its schema " + offsets.length, null);
        }
        int at = start + Short.BYTES;
        for (int i = 0; i < fields; i++) {
            int length = WireBytes.getInt(data, at);
            at += Integer.BYTES;
            offsets[i] = at;
            lengths[i] = length;
            if (length > 0) {
                at += length;
            } else if (length < RecordBatch.NULL) {
                throw TransvaseException.of(
                        UNCHANGED_VALUE, "field " + i + " has no value, which only an update may leave out", null);
            }
        }
    }
}
