package dev.sluice.spi;

import java.util.Arrays;
import java.util.Objects;

/**
 * A piece of reading that one channel does at a time. Serialisable: all that a reader of the same parameters, in this
 * process or another, needs to open it is in the payload.
 *
 * @param id unique within the job, and the same when the job is planned again on unchanged data
 * @param table the index of its schema in {@link ReadPlan#tables()}
 * @param payload what the reader needs to read it; not to be changed after it was handed over
 * @param description for {@code sluice check}, for example the statement it will run; without secrets
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, compared by content below
public record Split(String id, int table, byte[] payload, String description) {

    public Split {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(description, "description");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Split split
                && id.equals(split.id)
                && table == split.table
                && Arrays.equals(payload, split.payload);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
