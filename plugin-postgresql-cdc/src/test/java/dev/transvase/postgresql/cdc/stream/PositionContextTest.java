package dev.transvase.postgresql.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.cdc.Following;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.SourceFacts.Published;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamedTruncates.Truncate;
import dev.transvase.postgresql.cdc.table.SeenTransactions;
import dev.transvase.postgresql.cdc.table.TableFeeds;
import dev.transvase.spi.error.Notices;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the next run finds beside the position. */
class PositionContextTest {

    private static final Truncate EARLIER = new Truncate(16_400, 5);
    private static final Truncate LATER = new Truncate(16_400, 50);

    private final PositionContext context = new PositionContext(
            new TableFeeds(List.of(), Map.of(), Map.of(), false, Following.DDL, (r, c) -> List.of(), Notices.NONE),
            SourceFacts.UNKNOWN,
            List.of(EARLIER),
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
        context.facts(seenUpTo(10));
        assertThat(StoredContext.of(context.toBytes()).facts()).isEqualTo(seenUpTo(10));
    }

    @Test
    void aLookExplainsTheTruncatesThatItHasSeen() {
        context.truncated(LATER);
        context.facts(seenUpTo(10));
        assertThat(context.truncates()).containsExactly(LATER);
        assertThat(StoredContext.of(context.toBytes()).truncates()).containsExactly(LATER);
    }

    private static SourceFacts seenUpTo(int xid) {
        return new SourceFacts("place", SeenTransactions.before(xid), new Published(1, 1, Map.of()), Map.of());
    }
}
