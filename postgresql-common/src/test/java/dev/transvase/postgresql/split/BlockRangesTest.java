package dev.transvase.postgresql.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockRangesTest {

    private static List<Long> ends(List<Long> sizes, int parts) {
        return BlockRanges.ends(new TableBlocks(sizes, true, true), parts);
    }

    @Test
    void aTableIsCutIntoEqualParts() {
        assertThat(ends(List.of(100L), 4)).containsExactly(25L, 50L, 75L);
        assertThat(ends(List.of(3L), 10)).containsExactly(1L, 2L);
        assertThat(ends(List.of(1L), 10)).isEmpty();
        assertThat(ends(List.of(), 10)).isEmpty();
    }

    @Test
    void sharesDoNotOverflow() {
        // The most blocks that a table can have, in each of a thousand partitions.
        List<Long> sizes = Collections.nCopies(1000, 4_294_967_294L);
        assertThat(ends(sizes, 100)).hasSize(99).startsWith(42_949_673L);
    }

    @Test
    void smallPartitionsDoNotMakeTheFirstRangeLarge() {
        List<Long> sizes = new ArrayList<>(Collections.nCopies(9, 100L));
        sizes.add(1000L);
        TableBlocks blocks = new TableBlocks(sizes, true, true);
        long before = 0;
        for (long end : BlockRanges.ends(blocks, 10)) {
            assertThat(blocks.before(end) - before).isBetween(180L, 200L);
            before = blocks.before(end);
        }
    }
}
