package dev.transvase.postgresql.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyHistogramTest {

    private final TreeMap<Long, Long> rows = new TreeMap<>();

    private void add(long from, long to, LongUnaryOperator rowsOfKey) {
        LongStream.rangeClosed(from, to).forEach(key -> rows.merge(key, rowsOfKey.applyAsLong(key), Long::sum));
    }

    private List<Long> boundaries(int ranges) {
        return KeyHistogram.of(List.copyOf(rows.keySet()), List.copyOf(rows.values()))
                .boundaries(ranges);
    }

    /** The rows of each range. */
    private List<Long> sizes(int ranges) {
        List<Long> sizes = new ArrayList<>();
        long above = Long.MIN_VALUE;
        boolean first = true;
        for (long boundary : boundaries(ranges)) {
            sizes.add(sum(rows.subMap(above, first, boundary, true)));
            above = boundary;
            first = false;
        }
        sizes.add(sum(rows.tailMap(above, first)));
        return sizes;
    }

    private static long sum(java.util.SortedMap<Long, Long> part) {
        return part.values().stream().mapToLong(Long::longValue).sum();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 499, 500, 999, 1000})
    void asManyRangesAsAskedFor(int ranges) {
        add(-500, 499, key -> 1);
        assertThat(sizes(ranges))
                .hasSize(ranges)
                .allSatisfy(size -> assertThat(size).isBetween(1L, (1000L + ranges - 1) / ranges));
    }

    @Test
    void fewerKeysThanRangesGiveEachItsOwn() {
        add(1, 3, key -> key);
        assertThat(sizes(10)).containsExactly(1L, 2L, 3L);
        rows.clear();
        assertThat(boundaries(10)).isEmpty();
        add(7, 7, key -> 1000);
        assertThat(boundaries(10)).isEmpty();
    }

    @Test
    void aKeyWithManyRowsIsAloneAndTheOthersAreSharedOut() {
        add(1, 1000, key -> key == 500 ? 1000 : 1);
        assertThat(sizes(10))
                .hasSize(10)
                .contains(1000L)
                .filteredOn(s -> s != 1000)
                .allMatch(s -> s <= 125);
        add(1, 1, key -> 1000);
        add(1000, 1000, key -> 1000);
        assertThat(sizes(10)).hasSize(10).filteredOn(s -> s < 1000).hasSize(7).allMatch(s -> s <= 167);
    }

    @Test
    void outliersAreNoRangesOfTheirOwn() {
        add(1, 1000, key -> 1);
        rows.put(Long.MIN_VALUE, 1L);
        rows.put(Long.MAX_VALUE, 1L);
        assertThat(sizes(10)).hasSize(10).allMatch(s -> s >= 90 && s <= 101);
    }

    @Test
    void keysWhoseRowsGrowFewer() {
        add(0, 40, key -> 1L << Math.max(0, 30 - key));
        List<Long> sizes = sizes(10);
        assertThat(sizes).hasSize(10).startsWith(1L << 30, 1L << 29, 1L << 28);
        assertThat(sum(rows))
                .isEqualTo(sizes.stream().mapToLong(Long::longValue).sum());
    }
}
