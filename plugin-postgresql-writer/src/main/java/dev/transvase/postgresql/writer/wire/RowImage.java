package dev.transvase.postgresql.writer.wire;

import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordFields;
import dev.transvase.spi.table.Schema;
import java.util.Arrays;

/** A look at the fields of one record of a change, which may lack some of them. Moved from record to record. */
public final class RowImage {

    private final RecordFields fields;
    private final int width;
    private byte[] data;
    private int start;

    /** @param schema of the records */
    public RowImage(Schema schema) {
        this.fields = new RecordFields(schema);
        this.width = schema.width();
    }

    /** Moves to the record that starts here. */
    public RowImage moveTo(byte[] newData, int newStart) {
        fields.moveTo(newData, newStart, newData.length);
        data = newData;
        start = newStart;
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
        return fields.end() - start;
    }

    /** Whether every field is there. */
    public boolean complete() {
        for (int field = 0; field < width; field++) {
            if (!has(field)) {
                return false;
            }
        }
        return true;
    }

    public boolean has(int field) {
        return fields.length(field) != RecordBatch.UNCHANGED;
    }

    /** Whether all of these fields are there. */
    public boolean has(int[] wanted) {
        for (int field : wanted) {
            if (!has(field)) {
                return false;
            }
        }
        return true;
    }

    /** Whether these fields have the same bytes in both. */
    public boolean same(RowImage other, int[] compared) {
        for (int field : compared) {
            if (!same(other, field)) {
                return false;
            }
        }
        return true;
    }

    /** Whether this field has the same bytes in both. */
    public boolean same(RowImage other, int field) {
        int length = fields.length(field);
        if (length != other.fields.length(field)) {
            return false;
        }
        int from = fields.offset(field);
        int otherFrom = other.fields.offset(field);
        return length <= 0 || Arrays.equals(data, from, from + length, other.data, otherFrom, otherFrom + length);
    }

    /** A hash of these fields' bytes. */
    public int hash(int[] hashed) {
        int hash = 1;
        for (int field : hashed) {
            int length = fields.length(field);
            hash = 31 * hash + length;
            int from = fields.offset(field);
            for (int at = from; at < from + length; at++) {
                hash = 31 * hash + data[at];
            }
        }
        hash *= 0x9E3779B9;
        return hash ^ (hash >>> 15);
    }

    /** Appends a field to a record under way. */
    public void append(int field, RecordBatchBuilder to) {
        int length = fields.length(field);
        switch (length) {
            case RecordBatch.NULL -> to.appendNull();
            case RecordBatch.UNCHANGED -> to.appendUnchanged();
            default -> to.appendEncoded(data, fields.offset(field), length);
        }
    }

    /** The same record, with what it lacks taken from another one; {@code null} when that lacks it too. */
    public byte[] filledFrom(RowImage other, boolean mustBeComplete) {
        int size = Short.BYTES;
        for (int field = 0; field < width; field++) {
            int length = (has(field) ? this : other).fields.length(field);
            if (length == RecordBatch.UNCHANGED && mustBeComplete) {
                return null;
            }
            size += Integer.BYTES + Math.max(0, length);
        }
        byte[] filled = new byte[size];
        System.arraycopy(data, start, filled, 0, Short.BYTES);
        int at = Short.BYTES;
        for (int field = 0; field < width; field++) {
            RowImage from = has(field) ? this : other;
            int length = from.fields.length(field);
            WireBytes.putInt(filled, at, length);
            at += Integer.BYTES;
            if (length > 0) {
                System.arraycopy(from.data, from.fields.offset(field), filled, at, length);
                at += length;
            }
        }
        return filled;
    }
}
