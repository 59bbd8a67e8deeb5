package dev.transvase.spi.record;

import static dev.transvase.spi.error.CommonErrors.MALFORMED_RECORD;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Schema;
import java.util.Objects;

/**
 * Finds the fields of one record in its bytes, which are laid out as {@link RecordBatch} tells. The one reader of that layout: a {@link
 * RecordCursor} goes over a batch with it, and who has records elsewhere, or wants nothing but their bytes, uses it as it is. Fields
 * are looked for when they are asked for, up to the last of these. Makes no objects. Not thread-safe.
 */
public final class RecordFields {

    private final Schema schema;

    /** Where the values start, for the first {@link #located} fields. */
    private final int[] offsets;

    private int located;

    /** {@code null} when it is at no record. */
    private byte[] data;

    private int start;
    private int end;

    /** At no record yet. */
    public RecordFields(Schema schema) {
        this.schema = schema;
        this.offsets = new int[schema.width()];
    }

    /**
     * Moves to a record.
     *
     * @param data holds it; not changed, and not to be changed as long as this is at the record
     * @param start where it starts
     * @param end where it ends at the latest
     * @throws TransvaseException with code {@code MALFORMED_RECORD} when it has another number of fields than its schema
     */
    public void moveTo(byte[] data, int start, int end) {
        int fields = NetworkOrder.getShort(data, start);
        if (fields != offsets.length) {
            throw TransvaseException.of(
                    MALFORMED_RECORD,
                    "a record of " + schema.table() + " has " + fields + " fields, its schema " + offsets.length,
                    null);
        }
        this.data = data;
        this.start = start;
        this.end = end;
        located = 0;
    }

    /** Moves away from the record. */
    void moveAway() {
        data = null;
        located = 0;
    }

    /**
     * Where the field's value starts, or would start.
     *
     * @throws TransvaseException with code {@code MALFORMED_RECORD} when the record ends before its end
     */
    public int offset(int field) {
        return field < located ? offsets[field] : locate(field);
    }

    /** The value's length in bytes, {@link RecordBatch#NULL} or {@link RecordBatch#UNCHANGED}. Throws as {@link #offset}. */
    public int length(int field) {
        return lengthAt(offset(field));
    }

    /** The length of the value that starts here. */
    int lengthAt(int offset) {
        return NetworkOrder.getInt(data, offset - Integer.BYTES);
    }

    /** Where the record ends. Throws as {@link #offset}. */
    public int end() {
        return offsets.length == 0 ? start + Short.BYTES : after(offset(offsets.length - 1));
    }

    private int after(int offset) {
        return offset + Math.max(0, lengthAt(offset));
    }

    private int locate(int field) {
        Objects.checkIndex(field, offsets.length);
        if (data == null) {
            throw new IllegalStateException("at no record");
        }
        int next = located == 0 ? start + Short.BYTES : after(offsets[located - 1]);
        while (located <= field) {
            int length = end - next < Integer.BYTES ? Integer.MIN_VALUE : NetworkOrder.getInt(data, next);
            int offset = next + Integer.BYTES;
            if (length < RecordBatch.UNCHANGED || length > end - offset) {
                throw TransvaseException.of(
                        MALFORMED_RECORD,
                        "a record of " + schema.table() + " ends in the middle of its column "
                                + schema.column(located).name()
                                + ": its reader did not deliver it in the binary format of COPY",
                        null);
            }
            offsets[located++] = offset;
            next = offset + Math.max(0, length);
        }
        return offsets[field];
    }
}
