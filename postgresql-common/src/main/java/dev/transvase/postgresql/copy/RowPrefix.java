package dev.transvase.postgresql.copy;

import dev.transvase.spi.record.RecordBatch;
import java.util.zip.CRC32C;

/**
 * Which rows of a split have been read, identified by their number and a checksum of their bytes in order: whether a second read of
 * the same snapshot begins with the same ones.
 */
final class RowPrefix {

    private final CRC32C checksum = new CRC32C();
    private long rows;
    private long bytes;

    void add(RecordBatch batch) {
        checksum.update(batch.data(), batch.offset(), batch.bytes());
        rows += batch.size();
        bytes += batch.bytes();
    }

    void add(byte[] record, int start, int length) {
        checksum.update(record, start, length);
        rows++;
        bytes += length;
    }

    long rows() {
        return rows;
    }

    long bytes() {
        return bytes;
    }

    boolean sameAs(RowPrefix other) {
        return rows == other.rows && bytes == other.bytes && checksum.getValue() == other.checksum.getValue();
    }
}
