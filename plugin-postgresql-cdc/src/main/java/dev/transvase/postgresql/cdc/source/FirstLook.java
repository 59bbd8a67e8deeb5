package dev.transvase.postgresql.cdc.source;

import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import java.util.List;

/**
 * What a run finds of its source before it takes up the stream.
 *
 * @param facts what was true when the last run looked, or is now
 * @param unsettled what the stream has to explain of what has become of the source since
 * @param settled partitions that the stream had contained changes of and that need no further look
 * @param unheard partitions that need a change in the stream up to there
 */
public record FirstLook(
        SourceFacts facts, TruncateDoubts unsettled, List<Streamed> settled, UnheardPartitions unheard) {

    /** With nothing to compare with. */
    public static FirstLook at(SourceFacts facts) {
        return new FirstLook(facts, TruncateDoubts.NONE, List.of(), UnheardPartitions.NONE);
    }

    public FirstLook with(SourceFacts others) {
        return new FirstLook(others, unsettled, settled, unheard);
    }
}
