package dev.transvase.postgresql.cdc.plan;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Snapshot;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.spi.Split;
import java.util.Arrays;
import java.util.List;

/**
 * The splits of a stream, in the order of their stages. Those of many tables share one name, that of the slot: each starts at the
 * position that the one before has had stored.
 */
final class StreamSplits {

    /** The stage in which the writer stores that the stream is about to begin, or to take tables in. */
    static final int INTENTION_STAGE = 0;

    /** The first stage behind that. */
    static final int SNAPSHOT_STAGE = 1;

    /** What the split of the stream that ends where tables join it has in it. */
    private static final byte[] CATCH_UP = {1};

    private final PostgresCdcParameters parameters;

    StreamSplits(PostgresCdcParameters parameters) {
        this.parameters = parameters;
    }

    Split intention(String description) {
        return ofMany(INTENTION_STAGE, new byte[0], description).expecting(0);
    }

    /** The stream of the tables that were followed before, up to where others join it. */
    Split catchUp(Lsn from) {
        return ofMany(
                SNAPSHOT_STAGE,
                CATCH_UP,
                "stream of slot " + parameters.slot() + " from " + from + " up to where the new tables are copied");
    }

    /** The stream of all tables, or what ends a job that copies a snapshot only. */
    Split stream(Lsn from, int stage) {
        Split stream = ofMany(
                stage,
                new byte[0],
                "stream of slot " + parameters.slot() + (from.equals(Lsn.NONE) ? "" : " from " + from));
        return parameters.snapshot() == Snapshot.ONLY ? stream.expecting(0) : stream;
    }

    private Split ofMany(int stage, byte[] payload, String description) {
        return Split.of(parameters.slot(), Split.MANY_TABLES, payload, description)
                .inStage(stage);
    }

    /** The stage behind all of these. */
    static int stageBehind(List<Split> splits) {
        return splits.get(splits.size() - 1).stage() + 1;
    }

    /** Whether it is a piece of one table's snapshot. */
    static boolean isOfSnapshot(Split split) {
        return split.table() != Split.MANY_TABLES;
    }

    static boolean isIntention(Split split) {
        return split.stage() == INTENTION_STAGE;
    }

    static boolean isCatchUp(Split split) {
        return Arrays.equals(split.payload(), CATCH_UP);
    }
}
