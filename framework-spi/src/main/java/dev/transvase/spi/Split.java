package dev.transvase.spi;

import dev.transvase.spi.record.RecordBatch;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A piece of reading that one channel does at a time. Serialisable: all that a reader of the same parameters, in this
 * process or another, needs to open it is in the payload.
 *
 * @param id unique within the job, and the same when the job is planned again on unchanged data. Splits of several stages
 *     have one id when each goes on from where the one before ended
 * @param table the index of its schema in {@link ReadPlan#tables()}, or {@link #MANY_TABLES}
 * @param stage from 0; splits of a stage are read after all that those of the stage before brought is durable
 * @param payload what the reader needs to read it; not to be changed after it was handed over
 * @param description for {@code transvase check}, for example the statement it will run; without secrets
 * @param expected about how many records it has, from which a run tells how far it is; empty when the reader cannot tell
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, compared by content below
public record Split(String id, int table, int stage, byte[] payload, String description, OptionalLong expected) {

    /** In place of a table's index, when the split's batches are of several: each of them tells its own. */
    public static final int MANY_TABLES = -1;

    public Split {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(expected, "expected");
    }

    /** A split of the first stage with an unknown number of records. */
    public static Split of(String id, int table, byte[] payload, String description) {
        return new Split(id, table, 0, payload, description, OptionalLong.empty());
    }

    /** The same split in another stage. */
    public Split inStage(int other) {
        return new Split(id, table, other, payload, description, expected);
    }

    /** The same split with about this many records. */
    public Split expecting(long records) {
        return new Split(id, table, stage, payload, description, OptionalLong.of(Math.max(0, records)));
    }

    /** The index in {@link ReadPlan#tables()} of the table that this batch of the split is of. */
    public int tableOf(RecordBatch batch) {
        return table == MANY_TABLES ? batch.table() : table;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Split split
                && id.equals(split.id)
                && table == split.table
                && stage == split.stage
                && Arrays.equals(payload, split.payload);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
