package dev.transvase.spi;

import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reads the records of one split. All methods are called on one thread, except {@link #cancel}, {@link
 * #acknowledge}, {@link #lag} and {@link #reconnects}.
 */
public interface SplitReader extends AutoCloseable {

    /**
     * The next records, waiting for them no longer than about {@code atMost}. A batch holds one reader-chosen number of
     * records, and about a mebibyte at most unless a single record is larger.
     *
     * @return empty when none came in time or the end is reached: {@link #finished} tells which
     * @throws TransvaseException when the source failed
     */
    Optional<RecordBatch> poll(Duration atMost);

    /** Whether all records have been returned. */
    boolean finished();

    /**
     * The records that could not be read because of their content, each reported once: those found since the last call. They
     * count as read and as dirty. Called after each {@link #poll}, and once more when it is {@link #finished}. The runtime
     * takes the table from the split, unless that is of many.
     */
    default List<DirtyRecord> unreadable() {
        return List.of();
    }

    /**
     * What the end of the batch that {@link #poll} returned last allows: to commit, and to go on reading from there. Called once
     * for each batch, before the next poll. An empty batch tells of an end without records: what was read was of no concern.
     */
    BatchEnd end();

    /**
     * Tells that all records up to this position, one of a {@link BatchEnd.ResumePoint}, are durable at the writer, so that the
     * source may forget them. Called from any thread; must not block.
     */
    default void acknowledge(Position durable) {}

    /** How far it is behind its source, for readers that follow one. Called from any thread; must not block. */
    default Optional<Lag> lag() {
        return Optional.empty();
    }

    /**
     * How often the connection to its source was lost and made again, for readers that do this by themselves. Called from any thread,
     * also after {@link #close}; must not block.
     */
    default long reconnects() {
        return 0;
    }

    /**
     * Makes a running or later {@link #poll} return or throw soon. Called from any thread, at any time before {@link
     * #close} has returned, perhaps more than once; must not block for long.
     */
    void cancel();

    /** Lets go of everything. After an unfinished read it must not read on to the end. */
    @Override
    void close();
}
