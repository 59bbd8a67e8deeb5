package dev.transvase.postgresql.cdc.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.NewTables;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.ReplicaIdentity;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Snapshot;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.spi.Split;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each split of a stream is told from the others, and starts behind what the one before has had stored. */
class StreamSplitsTest {

    private final StreamSplits splits = new StreamSplits(parameters(Snapshot.INITIAL));

    @Test
    void eachIsToldFromTheOthers() {
        Split intention = splits.intention("begin");
        Split catchUp = splits.catchUp(new Lsn(1));
        Split stream = splits.stream(new Lsn(1), StreamSplits.SNAPSHOT_STAGE);
        Split rows = Split.of("0/rows/0", 0, new byte[] {1}, "SELECT").inStage(StreamSplits.SNAPSHOT_STAGE);

        assertThat(List.of(intention, catchUp, stream, rows))
                .filteredOn(StreamSplits::isOfSnapshot)
                .containsExactly(rows);
        assertThat(List.of(intention, catchUp, stream))
                .filteredOn(StreamSplits::isIntention)
                .containsExactly(intention);
        assertThat(List.of(intention, catchUp, stream))
                .filteredOn(StreamSplits::isCatchUp)
                .containsExactly(catchUp);
    }

    @Test
    void allShareTheNameThatPositionsAreStoredUnder() {
        assertThat(List.of(splits.intention("begin"), splits.catchUp(new Lsn(1)), splits.stream(new Lsn(1), 2)))
                .extracting(Split::id)
                .containsOnly("di_slot_s");
    }

    @Test
    void theStreamOfAJobThatOnlyCopiesHasNoRecords() {
        assertThat(splits.stream(Lsn.NONE, 2).expected()).isEmpty();
        assertThat(new StreamSplits(parameters(Snapshot.ONLY))
                        .stream(Lsn.NONE, 2).expected())
                .hasValue(0);
    }

    private static PostgresCdcParameters parameters(Snapshot snapshot) {
        return new PostgresCdcParameters(
                "source",
                "s",
                List.of("t"),
                List.of(),
                List.of(),
                snapshot,
                ReplicaIdentity.FULL,
                Optional.empty(),
                NewTables.IGNORE,
                10,
                300,
                300,
                60,
                true,
                Optional.empty(),
                5);
    }
}
