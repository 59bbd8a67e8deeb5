package dev.transvase.postgresql.cdc.plan;

import dev.transvase.spi.Position;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.table.Schema;
import java.util.List;

/** The last phase of a run: its splits, and what it takes to open them. */
public interface Opening extends AutoCloseable {

    /** A run that has nothing to read. */
    Opening NOTHING = new Opening() {

        @Override
        public List<Split> splits() {
            return List.of();
        }

        @Override
        public SplitReader open(Split split, Schema schema, Position position) {
            throw new IllegalStateException("there is no split such as " + split.id());
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    };

    List<Split> splits();

    /**
     * Opens one of them. Called on the thread that will read it, several at a time. Blocks on the source where its slot is still to
     * be made, but not for the stream, whose reader waits then.
     *
     * @param schema of the split's table, as the writer accepted it; of a split of many tables any of theirs
     * @param position where it is taken up
     */
    SplitReader open(Split split, Schema schema, Position position);

    /** Lets go of what the splits share. Called from any thread, perhaps more than once. */
    @Override
    void close();
}
