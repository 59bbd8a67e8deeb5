package dev.transvase.spi;

import static dev.transvase.spi.error.CommonErrors.SKIPPED_NOT_BOOKED;

import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;

/** What a channel's writer tells the runtime. Called on the channel's writing thread. */
public interface WriteJournal {

    /**
     * These records are durable at the target.
     *
     * @param table the index of their table in the plan, which is {@link Split#table()}
     * @param records how many
     * @param bytes their size, as {@link RecordBatch#bytes()} counts
     */
    void committed(int table, long records, long bytes);

    /**
     * The target left these records out, or put them elsewhere, without an error: a trigger or a rule of its own did so, and
     * the job allows it. They count neither as written nor as dirty.
     *
     * @param table the index of their table in the plan
     * @param records how many
     */
    default void skipped(int table, long records) {
        throw TransvaseException.of(
                SKIPPED_NOT_BOOKED,
                records + " records were skipped by the target, which this journal cannot count",
                null);
    }

    /**
     * This record was not taken, and that is final: what its batch else held is committed, or will be. Told before the commit of
     * what comes after it, so that a run that is killed has left no record out without a word.
     *
     * @throws TransvaseException with code {@code ERROR_LIMIT_EXCEEDED} when it is one too many
     */
    void dirty(DirtyRecord dirty);

    /**
     * Returns when the dirty records reported so far survive a crash of this machine. Call it before each commit; it is quick when
     * none was reported since the last call.
     *
     * @throws TransvaseException when they cannot be kept
     */
    default void secure() {}

    /**
     * How many more dirty records the job tolerates now, over all channels; 0 or more. A writer that has found more than
     * this in work that is not committed may roll it back and report those it found.
     */
    long tolerance();
}
