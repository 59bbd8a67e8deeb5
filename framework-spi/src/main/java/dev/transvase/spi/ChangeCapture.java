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
     * Figures for programs, each with its name, as far as there are any: {@code lagBytes}, how much of the source's log is not confirmed
     * yet; {@code retainedBytes}, how much of it the source keeps for this; {@code safeBytes}, how much more may come until the source
     * gives it up.
     */
    default Map<String, Long> figures() {
        return Map.of();
    }

    /**
     * Removes it all, so that the source keeps nothing for this job any longer.
     *
     * @return one line for each thing that was removed
     * @throws TransvaseException when something could not be, for example because a run is using it
     */
    List<String> drop();
}
