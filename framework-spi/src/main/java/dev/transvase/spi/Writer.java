package dev.transvase.spi;

import static dev.transvase.spi.error.CommonErrors.CHANGES_NOT_TAKEN;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes one step's data. One instance per run and process. The runtime calls {@code plan}, {@code begin} and {@code
 * complete} on one thread, {@code open} on the channels' threads.
 */
public interface Writer extends AutoCloseable {

    /**
     * Connects, checks the target for what the reader offers and chooses how native columns travel. Changes nothing;
     * {@code transvase check} calls it too.
     *
     * @param offered the reader's tables
     * @param checks takes all that is wrong; the result is not used once it has failed
     * @return one target for each offered schema, in the same order
     * @throws TransvaseException when checking itself is not possible, for example no connection
     */
    List<WriteTarget> plan(List<Schema> offered, Checks checks);

    /**
     * As {@link #plan(List, Checks)}, with the kind of records that will come. Only a writer that takes changes replaces
     * this.
     */
    default List<WriteTarget> plan(ReadPlan offered, Checks checks) {
        if (offered.changes().isPresent()) {
            checks.error(
                    "",
                    CHANGES_NOT_TAKEN,
                    "the reader sends updates and deletes, but this writer can only add records",
                    "choose a writer that applies changes, such as postgresql, or a reader of whole tables");
        }
        return plan(offered.tables(), checks);
    }

    /** Prepares the target, for example runs {@code preSql}. Called once, before the first channel is opened. */
    default void begin() {}

    /**
     * Whether anything at the target may have changed since {@link #begin} was called. Asked after a failure: a job that
     * is wrong ends with the exit code for that only when nothing was changed.
     */
    default boolean mayHaveChanged() {
        return true;
    }

    /**
     * Where it stores positions together with what it writes; empty for a writer that stores none. May be asked before {@link #plan}:
     * then it tells of what an earlier run has stored. Once planned, a writer that stores none in this run, because rows
     * alone will come, answers empty. Does not block.
     */
    default Optional<Positions> positions() {
        return Optional.empty();
    }

    /**
     * Identifies the database that it writes to, for a reader of the same kind of database: the same text for the same one,
     * whatever way leads to it. Empty when it does not tell. Needs a plan; blocks on the target.
     */
    default Optional<String> place() {
        return Optional.empty();
    }

    /**
     * Opens a channel's writer, on the channel's writing thread.
     *
     * @param journal what this channel tells the runtime of its work
     */
    ChannelWriter open(WriteJournal journal);

    /**
     * Completes the target, for example runs {@code postSql}. Called once, after every channel has flushed and closed
     * without failure, and not otherwise.
     */
    default void complete() {}

    /**
     * Makes a running or later {@link #begin} or {@link #complete} fail soon, and run nothing further. Called from any
     * thread, perhaps more than once; must not block for long. The channels' writers are cancelled on their own.
     */
    default void cancel() {}

    /** Lets go of everything; also after a failure. */
    @Override
    void close();

    /**
     * Where a writer keeps how far each split was written: with the records, in one transaction, so that a run which was cut short goes
     * on without losing or repeating a record. Needs no plan of the writer; blocks on the target.
     * May be used by several threads at a time.
     */
    interface Positions {

        /**
         * Where a run that was cut short left this split; {@link Position#START} when nothing is stored.
         *
         * @throws TransvaseException when the target cannot be asked
         */
        Position of(String split);

        /**
         * Where the position of this split is kept, and what is stored there, each fact with its name, in the order to show, for {@code
         * transvase cdc status}; without secrets.
         *
         * @throws TransvaseException when the target cannot be asked
         */
        Map<String, String> status(String split);

        /**
         * Forgets what is stored for this split, so that the next run starts over.
         *
         * @throws TransvaseException when it could not
         */
        void forget(String split);
    }
}
