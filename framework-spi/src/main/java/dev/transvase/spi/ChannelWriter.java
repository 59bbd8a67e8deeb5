package dev.transvase.spi;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;

/**
 * Writes the records of one channel. All methods are called on one thread, except {@link #cancel}.
 *
 * <p>A writer that commits tells {@link WriteJournal#committed} how many records have become durable, and {@link
 * WriteJournal#dirty} each record that the target would not take, once that is final, and {@link
 * WriteJournal#skipped} where the target left records out without an error. Every record given to {@link #write} ends up in
 * exactly one of the three, or the run fails.
 */
public interface ChannelWriter extends AutoCloseable {

    /**
     * Takes the records over. May keep them for a larger write, within bounded memory; may block on the target. The batch
     * is immutable and may be kept.
     *
     * @param batch records of one schema, as accepted
     * @param split the split they come from
     * @param end what may be done after them. A writer that stores positions commits at a {@link BatchEnd.ResumePoint} only, and
     *     stores its position in the same transaction; any other may commit wherever it likes. An empty batch brings nothing but an end
     * @throws TransvaseException when the target failed, or the error limit was passed
     */
    void write(RecordBatch batch, Split split, BatchEnd end);

    /**
     * Returns when all that was written is durable, up to the last {@link BatchEnd.ResumePoint} in a writer that stores positions.
     * Called at the end, and whenever the runtime wants it so.
     */
    void flush();

    /**
     * Makes a running or later call fail soon. Called from any thread, at any time before {@link #close} has returned,
     * perhaps more than once; must not block for long.
     */
    void cancel();

    /** Lets go of everything. What has not been flushed is rolled back. */
    @Override
    void close();
}
