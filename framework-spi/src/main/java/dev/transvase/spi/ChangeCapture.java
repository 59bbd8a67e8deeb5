package dev.transvase.spi;

import dev.transvase.spi.error.TransvaseException;
import java.util.List;
import java.util.Map;

/**
 * What a reader of changes keeps at its source between runs, such as a replication slot, for {@code transvase cdc}. Used on
 * one thread, without a plan; blocks on the source.
 */
public interface ChangeCapture {

    /** The split under which a writer stores how far the stream has been written. */
    String streamSplit();

    /** What there is, each fact with its name, in the order to show; without secrets. */
    Map<String, String> status();

    /**
     * Removes it all, so that the source keeps nothing for this job any longer.
     *
     * @return one line for each thing that was removed
     * @throws TransvaseException when something could not be, for example because a run is using it
     */
    List<String> drop();
}
