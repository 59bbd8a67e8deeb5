package dev.transvase.spi;

import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.look.Preview;
import dev.transvase.spi.table.Schema;
import java.util.List;
import java.util.Optional;

/**
 * Reads one step's data. One instance per run and process; constructed by the runtime, which calls {@code plan}, then
 * {@code split}, on one thread; {@code open} then on the channels' threads, several at a time; {@code close} last.
 *
 * <p>{@code transvase check} calls {@code plan} and {@code split} too: they change nothing at the source.
 */
public interface Reader extends AutoCloseable {

    /**
     * Connects, checks every prerequisite and says what can be read. May block on the source.
     *
     * @param checks takes all that is wrong with the job; the result is not read once it has failed. A reader of changes that
     *     has found all tables gives them all the same: then the writer is checked, too, so that everything is reported at once
     * @throws TransvaseException when checking itself is not possible, for example no connection
     */
    ReadPlan plan(Checks checks);

    /**
     * Cuts the work into splits. Whatever they share, such as a snapshot, stays open until {@link #close}.
     *
     * @param accepted the plan's tables as the writer accepted them
     * @param channels how many splits are read at the same time
     * @param checks takes warnings, and what is wrong
     */
    List<Split> split(List<Schema> accepted, int channels, Checks checks);

    /**
     * Opens a split, at its start or where an earlier reader of it was. Called on the thread that will read it.
     *
     * @param split one of {@link #split}'s, perhaps made in another process
     * @param schema how its records are to be laid out, as accepted by the writer
     * @param position {@link Position#START}, or the position of a {@link BatchEnd.ResumePoint} that a reader of the same split gave
     */
    SplitReader open(Split split, Schema schema, Position position);

    /** What it keeps at its source between runs; empty for readers that keep nothing. Needs no plan. */
    default Optional<ChangeCapture> changeCapture() {
        return Optional.empty();
    }

    /**
     * The first records of what it would read, for people who write the job. Needs no plan, and is followed by {@link #close} only.
     * It writes nothing at the source, and gives up after the time that is asked for. Empty for readers that have none to show.
     *
     * @throws TransvaseException when the parameters are wrong, or the source cannot be read
     */
    default Optional<Preview> preview(Preview.Request request) {
        return Optional.empty();
    }

    /**
     * Lets go of everything: when all splits have been read, before the writer completes, and also after a failure and
     * after a cancelled run. Called perhaps more than once. Must not take long.
     */
    @Override
    void close();
}
