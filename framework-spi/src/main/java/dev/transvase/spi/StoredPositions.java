package dev.transvase.spi;

import dev.transvase.spi.table.TableName;
import java.util.Optional;

/**
 * How far an earlier run of the job came, as its writer stored it. Injectable into readers; answers once both steps have been
 * constructed, so from {@link Reader#plan} on. Blocks on the target.
 */
public interface StoredPositions {

    /** Whether the writer stores positions together with what it writes. Known once it has been planned. */
    boolean kept();

    /** The database that the job writes to, as {@link Writer#place} tells it. */
    default Optional<String> place() {
        return Optional.empty();
    }

    /**
     * Where the writer writes the rows of this table of the reader's, as {@link WriteTarget#target} tells it. Known once the writer
     * has been planned, so from {@link Reader#split} on; empty when it is not known.
     */
    default Optional<String> target(TableName table) {
        return Optional.empty();
    }

    /** Where the run left this split; {@link Position#START} when there is nothing stored. */
    Position of(String split);
}
