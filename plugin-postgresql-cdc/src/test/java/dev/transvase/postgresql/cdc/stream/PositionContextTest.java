package dev.transvase.postgresql.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.cdc.Following;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.SourceFacts.Partition;
import dev.transvase.postgresql.cdc.source.SourceFacts.Published;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import dev.transvase.postgresql.cdc.source.StreamedTruncates.Truncate;
import dev.transvase.postgresql.cdc.table.SeenTransactions;
import dev.transvase.postgresql.cdc.table.TableFeeds;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.table.TableName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the next run finds beside the position. */
class PositionContextTest {

    private static final Truncate EARLIER = new Truncate(16_400, 5);
    private static final Truncate LATER = new Truncate(16_400, 50);
    private static final Streamed GONE = new Streamed(16_400, 16_500, new TableName("s", "gone"), 5);

    private final PositionContext context = new PositionContext(
            new TableFeeds(List.of(), Map.of(), Map.of(), false, Following.DDL, (r, c) -> List.of(), Notices.NONE),
            SourceFacts.UNKNOWN,
            List.of(EARLIER),
            List.of(GONE),
            3);

    @Test
    void itIsMadeAnewOnlyWhenItTellsSomethingElse() {
        byte[] first = context.toBytes();
        assertThat(context.toBytes()).isSameAs(first);
        context.timeline(3);
        assertThat(context.toBytes()).isSameAs(first);
        context.timeline(4);
        assertThat(StoredContext.of(context.toBytes()).timeline()).isEqualTo(4);
        context.truncated(LATER);
        assertThat(StoredContext.of(context.toBytes()).truncates()).containsExactly(EARLIER, LATER);
        context.facts(seenUpTo(10), List.of());
        assertThat(StoredContext.of(context.toBytes()).facts()).isEqualTo(seenUpTo(10));
    }

    @Test
    void aLookExplainsTheTruncatesThatItHasSeen() {
        context.truncated(LATER);
        context.facts(seenUpTo(10), List.of());
        assertThat(context.truncates()).containsExactly(LATER);
        assertThat(StoredContext.of(context.toBytes()).truncates()).containsExactly(LATER);
    }

    /** A look may come before the stream is read that far: a partition that it does not find may be told of later. */
    @Test
    void partitionsStayInQuestionUntilALookHasDecidedAboutThem() {
        context.facts(seenUpTo(10), List.of());
        assertThat(context.partitions()).containsExactly(GONE);
        Streamed later = new Streamed(16_400, 16_600, new TableName("s", "p"), 8);
        context.streamed(later);
        context.streamed(new Streamed(16_400, 16_600, new TableName("s", "p"), 9));
        assertThat(StoredContext.of(context.toBytes()).partitions()).containsExactly(GONE, later);
        context.facts(seenUpTo(20), List.of(GONE));
        assertThat(context.partitions()).containsExactly(later);
        context.settled(List.of(later));
        assertThat(StoredContext.of(context.toBytes()).partitions()).isEmpty();
    }

    @Test
    void aPartitionThatWasOneBeforeIsNoQuestion() {
        context.settled(List.of(GONE));
        context.facts(partition(7, false), List.of());
        context.streamed(new Streamed(16_400, 16_600, new TableName("s", "p"), 8));
        assertThat(context.partitions()).isEmpty();
        Streamed before = new Streamed(16_400, 16_600, new TableName("s", "p"), 6);
        context.facts(partition(7, true), List.of());
        context.streamed(before);
        assertThat(context.partitions()).as("made as a partition").isEmpty();
        context.facts(partition(-7, false), List.of());
        context.streamed(before);
        assertThat(context.partitions())
                .as("attached before numbers came around")
                .isEmpty();
        context.facts(partition(7, false), List.of());
        context.streamed(before);
        assertThat(context.partitions()).as("attached later").containsExactly(before);
    }

    private static SourceFacts partition(int attachedBy, boolean born) {
        Partition partition = new Partition(16_400, "s.p", true, 16_600, Integer.toUnsignedLong(attachedBy), 3, born);
        return new SourceFacts(
                "place",
                SeenTransactions.before(10),
                new Published(1, 1, Map.of()),
                Map.of(16_400, Map.of(16_600, partition)));
    }

    private static SourceFacts seenUpTo(int xid) {
        return new SourceFacts("place", SeenTransactions.before(xid), new Published(1, 1, Map.of()), Map.of());
    }
}
