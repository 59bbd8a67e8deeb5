package dev.transvase.ui.run;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A run.
 *
 * @param id names it
 * @param job the job's name when it was started
 * @param variables what the job's variables stand for
 * @param untilCurrent whether a stream of changes was to end once it had come to where its source was
 * @param state how it is, or how it ended
 * @param startedAt when it was started
 * @param endedAt when its end was written down
 * @param elapsedMillis how long the job took; left out while it runs
 * @param exitCode of the process
 * @param read records read, in all
 * @param readBytes their size
 * @param written records that are durable at the target
 * @param dirty records that the target did not take
 * @param error why it failed; empty when it did not
 * @param errorCode the same as a constant
 * @param stoppable whether it can be asked to end
 */
public record Run(
        String id,
        String job,
        Map<String, String> variables,
        boolean untilCurrent,
        RunState state,
        String startedAt,
        Optional<String> endedAt,
        OptionalLong elapsedMillis,
        OptionalLong exitCode,
        OptionalLong read,
        OptionalLong readBytes,
        OptionalLong written,
        OptionalLong dirty,
        String error,
        String errorCode,
        boolean stoppable) {}
