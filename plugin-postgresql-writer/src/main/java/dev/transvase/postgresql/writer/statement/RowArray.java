package dev.transvase.postgresql.writer.statement;

import dev.transvase.postgresql.writer.batch.RecordSize;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.wire.FieldScan;
import dev.transvase.postgresql.writer.wire.WireBytes;
import dev.transvase.spi.record.RecordBatch;

/** Gathers a batch into an array of the table's row type, in binary. */
final class RowArray {

    private final int rowOid;
    private final int[] attributes;
    private final int[] fields;
    private final int overhead;
    private final FieldScan scan;

    RowArray(TargetTable target) {
        this.rowOid = target.rowType().oid();
        this.attributes = target.rowType().attributes().stream()
                .mapToInt(Integer::intValue)
                .toArray();
        this.fields = target.rowType().fields().stream()
                .mapToInt(field -> field >= 0 && target.inRow(field) ? field : -1)
                .toArray();
        this.overhead = target.rowType().overhead();
        this.scan = new FieldScan(target.transfers().size());
    }

    /** The array's binary form: each row has its number of fields, then for each its type, length and value. */
    byte[] gather(WriteBatch batch) {
        byte[] array = new byte[size(batch)];
        int at = WireBytes.putArrayHeader(array, rowOid, batch.records());
        for (WriteBatch.Part part : batch.parts()) {
            RecordBatch wire = part.wire();
            byte[] data = wire.data();
            for (int i = 0; i < wire.size(); i++) {
                scan.moveTo(data, wire.start(i));
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
            int length = field < 0 ? RecordBatch.NULL : scan.lengths[field];
            WireBytes.putInt(array, at, attributes[i]);
            WireBytes.putInt(array, at + 4, length);
            at += 8;
            if (length > 0) {
                System.arraycopy(data, scan.offsets[field], array, at, length);
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
                scan.moveTo(data, wire.start(i));
                for (int field : fields) {
                    size += field < 0 ? 0 : Math.max(scan.lengths[field], 0);
                }
            }
        }
        if (size > WireBytes.MAX_VALUE) {
            throw RecordSize.ofArray(batch, size);
        }
        return (int) size;
    }
}
