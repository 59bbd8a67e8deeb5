package dev.transvase.postgresql.cdc.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.cdc.source.StreamedTruncates.Truncate;
import dev.transvase.postgresql.cdc.source.TruncateDoubts.Doubt;
import dev.transvase.postgresql.cdc.table.SeenTransactions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which partitions were truncated with their whole table, and which alone. */
class TruncateDoubtsTest {

    private static final int TABLE = 16_400;
    private static final int OTHER = 16_500;

    private Doubt doubt(String name, Integer... changedBy) {
        return new Doubt(TABLE, 2, Set.of(changedBy), name);
    }

    private List<String> told(String before, String now, List<Truncate> truncates, Doubt... doubts) {
        TruncateDoubts all =
                new TruncateDoubts(new SeenTransactions(before), new SeenTransactions(now), List.of(doubts));
        List<String> told =
                all.without(truncates).partitions().stream().map(Doubt::message).toList();
        if (told.isEmpty()) {
            all.settle(truncates);
        } else {
            assertThatThrownBy(() -> all.settle(truncates)).hasMessageContaining(told.get(0));
        }
        return told;
    }

    @Test
    void theTruncateOfTheWholeTableExplainsItsPartitions() {
        List<Truncate> whole = List.of(new Truncate(TABLE, 105));
        assertThat(told("100:100:", "110:110:", whole, doubt("a", 105), doubt("b", 105, 107)))
                .isEmpty();
        assertThat(told("100:100:", "110:110:", List.of(new Truncate(OTHER, 105)), doubt("a", 105)))
                .containsExactly("a");
        assertThat(told("100:100:", "110:110:", List.of(), doubt("a", 105))).containsExactly("a");
    }

    /** The log may be ahead of what can be seen. */
    @Test
    void whatCountsIsWhichLookSawIt() {
        List<Truncate> whole = List.of(new Truncate(TABLE, 105));
        assertThat(told("110:110:", "120:120:", whole, doubt("a", 105)))
                .as("seen by the earlier look")
                .containsExactly("a");
        assertThat(told("100:110:105", "120:120:", whole, doubt("a", 105)))
                .as("in progress at the earlier look")
                .isEmpty();
        assertThat(told("90:100:", "100:110:105", whole, doubt("a", 105)))
                .as("in progress at the later look")
                .containsExactly("a");
    }

    @Test
    void aPartitionThatWasTruncatedAfterItsTableIsTold() {
        List<Truncate> whole = List.of(new Truncate(TABLE, 105));
        assertThat(told("100:100:", "110:110:", whole, doubt("a", 107), doubt("b", 105)))
                .containsExactly("a");
        List<Truncate> twice = List.of(new Truncate(TABLE, 105), new Truncate(TABLE, 107));
        assertThat(told("100:100:", "110:110:", twice, doubt("a", 105), doubt("b", 107)))
                .containsExactly("a");
    }

    @Test
    void aTruncateWithinASavepointHasItsNumberInAllPartitions() {
        List<Truncate> whole = List.of(new Truncate(TABLE, 105));
        assertThat(told("100:100:", "110:110:", whole, doubt("a", 106, 108), doubt("b", 106)))
                .isEmpty();
        assertThat(told("100:100:", "110:110:", whole, doubt("a", 106)))
                .as("the other one has not been truncated")
                .containsExactly("a");
    }

    @Test
    void truncatesAreKeptUntilALookHasSeenThem() {
        StreamedTruncates truncates = new StreamedTruncates();
        Truncate first = new Truncate(TABLE, 105);
        Truncate second = new Truncate(OTHER, 107);
        truncates.add(first);
        truncates.add(second);
        truncates.add(first);
        assertThat(truncates.list()).containsExactly(first, second);
        truncates.explained(new SeenTransactions("107:108:107"));
        assertThat(truncates.list()).containsExactly(second);
        truncates.add(first);
        assertThat(truncates.list()).as("comes again").containsExactly(second);
        for (int xid = 200; xid < 200 + StreamedTruncates.MOST_KEPT; xid++) {
            truncates.add(new Truncate(TABLE, xid));
        }
        assertThat(truncates.list())
                .hasSize(StreamedTruncates.MOST_KEPT)
                .doesNotContain(second)
                .contains(new Truncate(TABLE, 200));
    }
}
