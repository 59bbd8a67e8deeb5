package dev.transvase.postgresql.writer.statement;

import static dev.transvase.postgresql.writer.error.WriterErrors.UNCHANGED_VALUE;

import dev.transvase.postgresql.writer.batch.RecordSize;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.wire.WireBytes;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordFields;

/** Gathers a batch into an array of the table's row type, in binary. */
final class RowArray {

    private final int rowOid;
    private final int[] attributes;
    private final int[] fields;
    private final int overhead;
    private final RecordFields record;

    RowArray(TargetTable target) {
        this.rowOid = target.rowType().oid();
        this.attributes = target.rowType().attributes().stream()
                .mapToInt(Integer::intValue)
                .toArray();
        this.fields = target.rowType().fields().stream()
                .mapToInt(field -> field >= 0 && target.inRow(field) ? field : -1)
                .toArray();
        this.overhead = target.rowType().overhead();
        this.record = new RecordFields(target.wire());
    }

    /** The array's binary form: each row has its number of fields, then for each its type, length and value. */
    byte[] gather(WriteBatch batch) {
        byte[] array = new byte[size(batch)];
        int at = WireBytes.putArrayHeader(array, rowOid, batch.records());
        for (WriteBatch.Part part : batch.parts()) {
            RecordBatch wire = part.wire();
            byte[] data = wire.data();
            for (int i = 0; i < wire.size(); i++) {
                record.moveTo(data, wire.start(i), wire.start(i + 1));
                at = putRow(data, array, at);
            }
        }
        return array;
    }

    private int putRow(byte[] data, byte[] array, int start) {
        int at = start + Integer.BYTES;
        WireBytes.putInt(array, at, attributes.length);
        at += Integer.BYTES;
        for (int i = 0; i < attributes.length; i++) {
            int field = fields[i];
            int length = field < 0 ? RecordBatch.NULL : record.length(field);
            WireBytes.putInt(array, at, attributes[i]);
            WireBytes.putInt(array, at + 4, length);
            at += 8;
            if (length > 0) {
                System.arraycopy(data, record.offset(field), array, at, length);
                at += length;
            }
        }
        WireBytes.putInt(array, start, at - start - Integer.BYTES);
        return at;
    }

    private int size(WriteBatch batch) {
        long size = WireBytes.ARRAY_HEADER + (long) batch.records() * overhead;
        for (WriteBatch.Part part : batch.parts()) {
            RecordBatch wire = part.wire();
            byte[] data = wire.data();
            for (int i = 0; i < wire.size(); i++) {
                record.moveTo(data, wire.start(i), wire.start(i + 1));
                for (int field : fields) {
                    size += field < 0 ? 0 : size(field);
                }
            }
        }
        if (size > WireBytes.MAX_VALUE) {
            throw RecordSize.ofArray(batch, size);
        }
        return (int) size;
    }

    private int size(int field) {
        int length = record.length(field);
        if (length == RecordBatch.UNCHANGED) {
            throw TransvaseException.of(
                    UNCHANGED_VALUE, "field " + field + " has no value, which is allowed in an update only", null);
        }
        return Math.max(length, 0);
    }
}
