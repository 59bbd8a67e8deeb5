package dev.transvase.postgresql.writer.wire;

import static dev.transvase.spi.error.CommonErrors.MALFORMED_RECORD;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import java.util.Arrays;

/** A look at the fields of one record of a change, which may lack some of them. Moved from record to record. */
public final class RowImage {

    private final int[] offsets;
    private final int[] lengths;
    private byte[] data;
    private int start;
    private int end;
    private boolean complete;

    /** @param width how many fields the records have */
    public RowImage(int width) {
        this.offsets = new int[width];
        this.lengths = new int[width];
    }

    /** Moves to the record that starts here. */
    public RowImage moveTo(byte[] newData, int newStart) {
        data = newData;
        start = newStart;
        int fields = WireBytes.getShort(data, start);
        if (fields != offsets.length) {
            throw TransvaseException.of(
                    MALFORMED_RECORD, "a record has " + fields + " fields, its schema " + offsets.length, null);
        }
        int at = start + Short.BYTES;
        complete = true;
        for (int i = 0; i < fields; i++) {
            int length = WireBytes.getInt(data, at);
            at += Integer.BYTES;
            offsets[i] = at;
            lengths[i] = length;
            if (length > 0) {
                at += length;
            } else if (length == RecordBatch.UNCHANGED) {
                complete = false;
            }
        }
        end = at;
        return this;
    }

    public byte[] data() {
        return data;
    }

    public int start() {
        return start;
    }

    /** The record's size in bytes. */
    public int bytes() {
        return end - start;
    }

    int offset(int field) {
        return offsets[field];
    }

    /** The value's length, or what {@link RecordBatch} has for none. */
    int length(int field) {
        return lengths[field];
    }

    /** Whether every field is there. */
    public boolean complete() {
        return complete;
    }

    public boolean has(int field) {
        return lengths[field] != RecordBatch.UNCHANGED;
    }

    /** Whether all of these fields are there. */
    public boolean has(int[] fields) {
        for (int field : fields) {
            if (!has(field)) {
                return false;
            }
        }
        return true;
    }

    /** Whether these fields have the same bytes in both. */
    public boolean same(RowImage other, int[] fields) {
        for (int field : fields) {
            if (!same(other, field)) {
                return false;
            }
        }
        return true;
    }

    /** Whether this field has the same bytes in both. */
    public boolean same(RowImage other, int field) {
        int length = lengths[field];
        return length == other.lengths[field]
                && (length <= 0
                        || Arrays.equals(
                                data,
                                offsets[field],
                                offsets[field] + length,
                                other.data,
                                other.offsets[field],
                                other.offsets[field] + length));
    }

    /** A hash of these fields' bytes. */
    public int hash(int[] fields) {
        int hash = 1;
        for (int field : fields) {
            hash = 31 * hash + lengths[field];
            int to = offsets[field] + lengths[field];
            for (int at = offsets[field]; at < to; at++) {
                hash = 31 * hash + data[at];
            }
        }
        hash *= 0x9E3779B9;
        return hash ^ (hash >>> 15);
    }

    /** Appends a field to a record under way. */
    public void append(int field, RecordBatchBuilder to) {
        switch (lengths[field]) {
            case RecordBatch.NULL -> to.appendNull();
            case RecordBatch.UNCHANGED -> to.appendUnchanged();
            default -> to.appendEncoded(data, offsets[field], lengths[field]);
        }
    }

    /** The same record, with what it lacks taken from another one; {@code null} when that lacks it too. */
    public byte[] filledFrom(RowImage other, boolean mustBeComplete) {
        int size = Short.BYTES;
        for (int field = 0; field < lengths.length; field++) {
            int length = has(field) ? lengths[field] : other.lengths[field];
            if (length == RecordBatch.UNCHANGED && mustBeComplete) {
                return null;
            }
            size += Integer.BYTES + Math.max(0, length);
        }
        byte[] filled = new byte[size];
        System.arraycopy(data, start, filled, 0, Short.BYTES);
        int at = Short.BYTES;
        for (int field = 0; field < lengths.length; field++) {
            RowImage from = has(field) ? this : other;
            int length = from.lengths[field];
            WireBytes.putInt(filled, at, length);
            at += Integer.BYTES;
            if (length > 0) {
                System.arraycopy(from.data, from.offsets[field], filled, at, length);
                at += length;
            }
        }
        return filled;
    }
}
