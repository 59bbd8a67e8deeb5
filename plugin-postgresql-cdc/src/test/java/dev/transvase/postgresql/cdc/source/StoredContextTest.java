package dev.transvase.postgresql.cdc.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.source.Origins.Origin;
import dev.transvase.postgresql.cdc.source.SourceFacts.Partition;
import dev.transvase.postgresql.cdc.source.SourceFacts.Published;
import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import dev.transvase.postgresql.cdc.source.StreamedTruncates.Truncate;
import dev.transvase.postgresql.cdc.table.SeenTransactions;
import dev.transvase.postgresql.cdc.table.Shape;
import dev.transvase.spi.table.TableName;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoredContextTest {

    private static final byte[] SHAPES = Shape.toBytes(Map.of());
    private static final Map<TableName, String> TARGETS = Map.of(new TableName("public", "t"), "db.public.u");
    private static final Map<Integer, Lsn> COPIES = Map.of(16_400, new Lsn(77), 16_500, Lsn.NONE);
    private static final Origins ORIGINS = new Origins(
            Map.of(new TableName("public", "t"), Set.of(new Origin("1/a", "s.t"), new Origin("2/b", "public.u"))));
    private static final List<Streamed> STREAMED =
            List.of(new Streamed(16_400, 16_700, new TableName("s", "gone"), 705));
    private static final Map<Integer, Map<Integer, Partition>> PARTITIONS =
            Map.of(16_400, Map.of(16_404, new Partition(16_400, "s.p", true, 16_404, 700, 3, true)));

    @Test
    void whatIsStoredIsReadAgain() {
        SourceFacts facts = new SourceFacts(
                "1/db", new SeenTransactions("700:709:700,705"), new Published(5, 6, Map.of(1, 2)), PARTITIONS);
        List<Truncate> truncates = List.of(new Truncate(16_400, 705), new Truncate(16_500, -3));
        assertThat(StoredContext.of(
                        StoredContext.toBytes(SHAPES, facts, 4, TARGETS, truncates, COPIES, STREAMED, ORIGINS)))
                .isEqualTo(new StoredContext(Map.of(), facts, 4, TARGETS, truncates, COPIES, STREAMED, ORIGINS));
        byte[] without = StoredContext.toBytes(SHAPES, facts, 4, TARGETS, truncates, COPIES, List.of(), Origins.NONE);
        without[0] = 17;
        assertThat(StoredContext.of(Arrays.copyOf(without, without.length - 2 * Integer.BYTES)))
                .as("as an older version stored it")
                .isEqualTo(new StoredContext(Map.of(), facts, 4, TARGETS, truncates, COPIES, List.of(), Origins.NONE));
    }

    /** As written by versions that knew how far all transactions had ended, and no truncates. */
    @Test
    void whatOlderVersionsHaveStoredIsReadToo() {
        String published = "00000005" + "0000000000000006" + "00000000";
        String partition = "00004014" + "00004010" + "0003732e70" + "01" + "0000000000004014" + "00000000000002bc"
                + "0000000000000003" + "01";
        String stored = "10" + "00000005" + HexFormat.of().formatHex(SHAPES) + "0004312f6462" + "000002bc" + published
                + "00000001" + "00004010" + "00000001" + partition + "00000004";
        StoredContext read = StoredContext.of(HexFormat.of().parseHex(stored));
        assertThat(read.timeline()).isEqualTo(4);
        assertThat(read.truncates()).isEmpty();
        assertThat(read.facts().horizon()).isEqualTo(700);
        assertThat(read.facts().partitions())
                .isEqualTo(Map.of(16_400, Map.of(16_404, new Partition(16_400, "s.p", true, 16_404, 700, 3, true))));
        assertThat(StoredContext.of(SHAPES).facts()).isEqualTo(SourceFacts.UNKNOWN);
    }

    @Test
    void whatANewerVersionHasStoredIsRefused() {
        assertThatThrownBy(() -> StoredContext.of(new byte[] {19, 0})).isInstanceOf(UncheckedIOException.class);
    }
}
