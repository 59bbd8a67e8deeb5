package dev.transvase.postgresql.writer.batch;

import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.spi.record.RecordBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records of one table that are sent in one statement, gathered from the reader's batches without copying.
 *
 * @param table the index of the table in the plan
 * @param target where they go
 * @param parts never empty, nor one of them
 * @param records how many in all
 * @param bytes their size as the reader delivered them
 */
public record WriteBatch(int table, TargetTable target, List<Part> parts, int records, long bytes) {

    /**
     * Records of one batch of the reader.
     *
     * @param source as the reader delivered them
     * @param wire the same records, one for one, after conversion
     */
    public record Part(RecordBatch source, RecordBatch wire) {
        public Part slice(int from, int to) {
            return from == 0 && to == source.size()
                    ? this
                    : new Part(source.slice(from, to), wire == source ? source.slice(from, to) : wire.slice(from, to));
        }

        public int size() {
            return source.size();
        }
    }

    public static WriteBatch of(int table, TargetTable target, List<Part> parts) {
        int records = 0;
        long bytes = 0;
        for (Part part : parts) {
            records += part.size();
            bytes += part.source().bytes();
        }
        return new WriteBatch(table, target, List.copyOf(parts), records, bytes);
    }

    /** The same records with all of one table in one batch. */
    public static List<WriteBatch> merge(List<WriteBatch> batches) {
        Map<Integer, WriteBatch> tables = new LinkedHashMap<>();
        Map<Integer, List<Part>> parts = new LinkedHashMap<>();
        for (WriteBatch batch : batches) {
            tables.putIfAbsent(batch.table, batch);
            parts.computeIfAbsent(batch.table, t -> new ArrayList<>()).addAll(batch.parts);
        }
        return tables.values().stream()
                .map(first -> of(first.table, first.target, parts.get(first.table)))
                .toList();
    }

    /** The records from one index up to, not including, another. */
    public WriteBatch slice(int from, int to) {
        List<Part> slices = new ArrayList<>();
        int start = 0;
        for (Part part : parts) {
            int first = Math.max(from - start, 0);
            int last = Math.min(to - start, part.size());
            if (first < last) {
                slices.add(part.slice(first, last));
            }
            start += part.size();
        }
        return of(table, target, slices);
    }

    /**
     * What it counts for where memory is limited: its bytes, or what the rows of an INSERT take apart from their values, should
     * that be more.
     */
    public long size() {
        return Math.max(bytes, (long) records * target.rowOverhead());
    }

    /** The size of what is to be sent. */
    public long wireBytes() {
        long sum = 0;
        for (Part part : parts) {
            sum += part.wire().bytes();
        }
        return sum;
    }
}
