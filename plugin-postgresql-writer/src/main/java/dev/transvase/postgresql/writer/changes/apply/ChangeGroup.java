package dev.transvase.postgresql.writer.changes.apply;

import static dev.transvase.postgresql.writer.error.WriterErrors.MALFORMED_CHANGE;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Position;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordKind;
import java.util.Arrays;
import java.util.List;

/** Changes in their order, over the batches that they came in: some whole transactions, or a piece of a large one. */
public final class ChangeGroup {

    private final List<RecordBatch> batches;
    private final List<BatchEnd> ends;

    /** Of each change the batch and the record that tells what it leaves, or removes. */
    private long[] changes = new long[16];

    /** Of each change the record before it that tells what was there; -1 when it has none. */
    private long[] befores = new long[16];

    private int size;

    /** @param ends what the end of each batch allows */
    ChangeGroup(List<RecordBatch> batches, List<BatchEnd> ends) {
        this.batches = List.copyOf(batches);
        this.ends = List.copyOf(ends);
        long before = -1;
        for (int b = 0; b < batches.size(); b++) {
            RecordBatch batch = batches.get(b);
            for (int r = 0; r < batch.size(); r++) {
                RecordKind kind = batch.kind(r);
                if (before >= 0 && kind != RecordKind.UPDATE_AFTER) {
                    throw halfAnUpdate(batch);
                }
                long ref = ((long) b << Integer.SIZE) | r;
                if (kind == RecordKind.UPDATE_BEFORE) {
                    before = ref;
                } else {
                    add(ref, before);
                    before = -1;
                }
            }
        }
        if (before >= 0) {
            throw halfAnUpdate(batches.get(batches.size() - 1));
        }
    }

    private static TransvaseException halfAnUpdate(RecordBatch batch) {
        return TransvaseException.of(
                MALFORMED_CHANGE,
                "the reader sent a row of " + batch.schema().table()
                        + " as it was before an update, but not as it is after it",
                null);
    }

    private void add(long change, long before) {
        if (size == changes.length) {
            changes = Arrays.copyOf(changes, 2 * size);
            befores = Arrays.copyOf(befores, 2 * size);
        }
        changes[size] = change;
        befores[size] = before;
        size++;
    }

    /** How many changes there are. */
    public int size() {
        return size;
    }

    public List<RecordBatch> batches() {
        return batches;
    }

    /** The position to be stored with it. Only for a group that ends at a resume point: a piece of a transaction does not. */
    public Position resumePosition() {
        return ends.get(ends.size() - 1).resumePosition().orElseThrow();
    }

    RecordKind kind(int change) {
        return batch(change).kind(record(change));
    }

    /** The batch that holds the record of what a change leaves, or removes. */
    RecordBatch batch(int change) {
        return batches.get((int) (changes[change] >>> Integer.SIZE));
    }

    /** Its index in that batch. */
    int record(int change) {
        return (int) changes[change];
    }

    /** Whether an update tells what was there. */
    boolean hasBefore(int change) {
        return befores[change] >= 0;
    }

    RecordBatch beforeBatch(int change) {
        return batches.get((int) (befores[change] >>> Integer.SIZE));
    }

    int beforeRecord(int change) {
        return (int) befores[change];
    }

    /** The size of a change's records. */
    long bytes(int change) {
        long bytes = bytes(batch(change), record(change));
        return hasBefore(change) ? bytes + bytes(beforeBatch(change), beforeRecord(change)) : bytes;
    }

    private static int bytes(RecordBatch batch, int record) {
        return batch.start(record + 1) - batch.start(record);
    }

    /** Where the transaction of a change ends, or others behind it do; empty when that has not come yet. */
    String position(int change) {
        return ends.subList((int) (changes[change] >>> Integer.SIZE), ends.size()).stream()
                .flatMap(end -> end.resumePosition().stream())
                .findFirst()
                .map(Position::description)
                .orElse("");
    }
}
