package dev.transvase.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.Split;
import dev.transvase.spi.WriteTarget;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitOrderTest {

    /** Targets of these turns. */
    private static List<WriteTarget> turns(int... turns) {
        List<WriteTarget> targets = new ArrayList<>();
        for (int turn : turns) {
            targets.add(WriteTarget.of("t" + targets.size(), TestingSteps.SCHEMA, "")
                    .withTurn(turn));
        }
        return targets;
    }

    private static Split split(int table, int stage) {
        return Split.of("split-" + table, table, new byte[0], "").inStage(stage);
    }

    private static List<String> told(List<Split> splits) {
        return splits.stream()
                .map(split -> split.stage() + ": " + split.table())
                .toList();
    }

    @Test
    void whatSuitsTheTargetsStaysAsTheReaderCutIt() {
        List<Split> splits = List.of(split(1, 0), split(0, 0), split(2, 5), split(3, 7));
        assertThat(SplitOrder.of(splits, turns(0, 0, 0, 0), 4)).isSameAs(splits);
        assertThat(SplitOrder.of(splits, turns(0, 0, 1, 2), 4)).isSameAs(splits);
        List<Split> inOneStage = List.of(split(1, 0), split(0, 0), split(2, 0));
        assertThat(SplitOrder.of(inOneStage, turns(0, 0, 1), 1)).isSameAs(inOneStage);
    }

    @Test
    void severalChannelsWaitForWhatIsReferredTo() {
        List<Split> splits = List.of(split(0, 0), split(0, 0), split(1, 0), split(2, 1));
        assertThat(told(SplitOrder.of(splits, turns(1, 0, 0), 2))).containsExactly("0: 1", "0: 2", "1: 0", "1: 0");
        assertThat(told(SplitOrder.of(List.of(split(0, 0), split(1, 0)), turns(0, 1), 2)))
                .containsExactly("0: 0", "1: 1");
    }

    @Test
    void oneChannelReadsThemInTheirOrder() {
        assertThat(told(SplitOrder.of(List.of(split(0, 0), split(1, 0), split(2, 0)), turns(2, 0, 1), 1)))
                .containsExactly("0: 1", "0: 2", "0: 0");
    }

    @Test
    void aStreamOfManyTablesStaysBeforeAndBehindTheRows() {
        List<Split> splits = List.of(
                split(Split.MANY_TABLES, 0), split(0, 1), split(1, 1), split(2, 2), split(Split.MANY_TABLES, 3));
        assertThat(SplitOrder.of(splits, turns(0, 0, 1), 2)).isSameAs(splits);
        assertThat(told(SplitOrder.of(splits, turns(1, 0, 3), 2)))
                .containsExactly("0: -1", "1: 1", "2: 0", "4: 2", "5: -1");
        assertThat(told(SplitOrder.of(splits, turns(1, 0, 3), 1)))
                .containsExactly("0: -1", "1: 1", "1: 0", "1: 2", "2: -1");
    }
}
