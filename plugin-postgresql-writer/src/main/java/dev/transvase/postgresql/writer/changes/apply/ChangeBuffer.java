package dev.transvase.postgresql.writer.changes.apply;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordKind;
import java.util.ArrayList;
import java.util.List;

/** Changes that were read and not applied yet, in their order. */
public final class ChangeBuffer {

    /** What a record costs beside its bytes. */
    private static final int OVERHEAD = 32;

    /** Records are few in a small heap, whatever their size: each has an entry of its own, most of them one by their key too. */
    private static final int HEAP_BYTES_PER_RECORD = 2048;

    private final long mostBytes;
    private final int mostRecords;
    private final List<RecordBatch> batches = new ArrayList<>();
    private final List<BatchEnd> ends = new ArrayList<>();

    /** How many of the batches come before the last resume point: whole transactions, which can be committed with its position. */
    private int whole;

    private long bytes;
    private long records;

    /** As much as is worth while, and no more than leaves room in the heap for what is made of it. */
    public static ChangeBuffer fitting(long heapBytes) {
        return new ChangeBuffer(
                Math.min(8L << 20, heapBytes / 16), (int) Math.min(100_000, heapBytes / HEAP_BYTES_PER_RECORD));
    }

    ChangeBuffer(long mostBytes, int mostRecords) {
        this.mostBytes = mostBytes;
        this.mostRecords = mostRecords;
    }

    public void add(RecordBatch batch, BatchEnd end) {
        batches.add(batch);
        ends.add(end);
        bytes += weight(batch);
        records += batch.size();
        if (end.resumePosition().isPresent()) {
            whole = batches.size();
        }
    }

    private static long weight(RecordBatch batch) {
        return batch.bytes() + (long) OVERHEAD * batch.size();
    }

    public boolean full() {
        return bytes >= mostBytes || records >= mostRecords;
    }

    public boolean isEmpty() {
        return batches.isEmpty();
    }

    /** Whether there are whole transactions, or the end of one. */
    public boolean hasWhole() {
        return whole > 0;
    }

    /** Takes the whole transactions out, with the rest of one that was partly taken before. */
    public ChangeGroup takeWhole() {
        return take(whole);
    }

    /** Takes out all there is, which is part of a transaction. An update whose second record is to come is left. */
    public ChangeGroup takePiece() {
        int last = batches.size() - 1;
        while (last > 0 && batches.get(last).size() == 0) {
            last--;
        }
        RecordBatch batch = batches.get(last);
        int end = batch.size() - 1;
        if (end < 0 || batch.kind(end) != RecordKind.UPDATE_BEFORE) {
            return take(batches.size());
        }
        batches.set(last, batch.slice(0, end));
        ChangeGroup group = take(batches.size());
        add(batch.slice(end, end + 1), BatchEnd.withinTransaction());
        return group;
    }

    private ChangeGroup take(int count) {
        List<RecordBatch> taken = batches.subList(0, count);
        List<BatchEnd> takenEnds = ends.subList(0, count);
        ChangeGroup group = new ChangeGroup(taken, takenEnds);
        taken.clear();
        takenEnds.clear();
        whole = 0;
        bytes = 0;
        records = 0;
        for (RecordBatch left : batches) {
            bytes += weight(left);
            records += left.size();
        }
        return group;
    }
}
