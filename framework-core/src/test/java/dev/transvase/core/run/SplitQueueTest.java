package dev.transvase.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.Split;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitQueueTest {

    private static Split split(int table, int number) {
        return Split.of(table + "/" + number, table, new byte[0], "");
    }

    @Test
    void whatSplitsHadCorrectsWhatIsExpectedOfTheOthersOfTheirTable() {
        SplitQueue splits = new SplitQueue(
                List.of(
                        split(0, 0).expecting(100),
                        split(0, 1).expecting(100),
                        split(1, 0).expecting(50)),
                2);
        assertThat(splits.remaining(table -> 0)).hasValue(250);

        Split first = splits.next();
        assertThat(splits.remaining(table -> table == 0 ? 30 : 0)).hasValue(220);
        assertThat(splits.remaining(table -> table == 0 ? 300 : 0)).hasValue(50); // more than expected already

        splits.done(first, 150);
        assertThat(splits.remaining(table -> table == 0 ? 150 : 0)).hasValue(150 + 50);

        splits.done(splits.next(), 10);
        assertThat(splits.remaining(table -> table == 0 ? 160 : 5)).hasValue(45);
        splits.done(splits.next(), 5);
        assertThat(splits.remaining(table -> 0)).hasValue(0);
    }

    /** Such as the changes that come before the rows of tables which join a stream. */
    @Test
    void nobodyCanTellBeforeASplitOfManyTablesIsDone() {
        Split changes = Split.of("changes", Split.MANY_TABLES, new byte[0], "");
        SplitQueue splits = new SplitQueue(List.of(changes, split(0, 0).expecting(100)), 1);
        assertThat(splits.remaining(table -> 0)).isEmpty();
        splits.done(splits.next(), 7);
        assertThat(splits.remaining(table -> 0)).hasValue(100);
        assertThat(new SplitQueue(List.of(changes.expecting(0)), 1).remaining(table -> 0))
                .hasValue(0);
    }

    @Test
    void nobodyCanTellWhenAReaderDoesNot() {
        SplitQueue splits = new SplitQueue(List.of(split(0, 0).expecting(100), split(0, 1)), 1);
        assertThat(splits.remaining(table -> 0)).isEmpty();
    }
}
