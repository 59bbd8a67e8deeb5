package dev.transvase.postgresql.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.catalog.ForeignKeys.Reference;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The order in which tables that refer to each other are moved. */
class ForeignKeysTest {

    private static final int ITEM = 1;
    private static final int ORDER = 2;
    private static final int CUSTOMER = 3;
    private static final int NOTE = 4;
    private static final int PRODUCT = 5;

    private static Reference key(int from, int to) {
        return new Reference(from, to, "k" + from + to, 100 * from + to);
    }

    @Test
    void whatIsReferredToComesFirstAndTheRestStaysAsItWas() {
        ForeignKeys keys = new ForeignKeys(
                List.of(ITEM, NOTE, ORDER, CUSTOMER, PRODUCT),
                List.of(key(ITEM, ORDER), key(ITEM, PRODUCT), key(ORDER, CUSTOMER), key(ORDER, 99), key(98, NOTE)));
        assertThat(keys.any()).isTrue();
        assertThat(keys.circular()).isEmpty();
        assertThat(keys.order()).containsExactly(NOTE, CUSTOMER, ORDER, PRODUCT, ITEM);
        assertThat(keys.referencedBy(ORDER)).containsExactly(CUSTOMER);
        assertThat(keys.levels()).isEqualTo(Map.of(NOTE, 0, CUSTOMER, 0, PRODUCT, 0, ORDER, 1, ITEM, 2));
    }

    @Test
    void aCircleComesBehindWhatNeedNotWaitForIt() {
        ForeignKeys keys = new ForeignKeys(
                List.of(ITEM, ORDER, CUSTOMER, NOTE),
                List.of(key(ITEM, ORDER), key(ORDER, CUSTOMER), key(CUSTOMER, ORDER)));
        assertThat(keys.circular()).containsExactly(ORDER, CUSTOMER);
        assertThat(keys.order()).containsExactly(NOTE, ORDER, ITEM, CUSTOMER);
        assertThat(keys.levels()).isEqualTo(Map.of(NOTE, 0, ORDER, 0, ITEM, 1, CUSTOMER, 1));
    }

    @Test
    void keysThatNoOrderSettlesAreNamed() {
        ForeignKeys keys = new ForeignKeys(
                List.of(ITEM, ORDER, CUSTOMER, NOTE, PRODUCT),
                List.of(
                        key(ITEM, ITEM),
                        key(ITEM, ORDER),
                        key(ORDER, CUSTOMER),
                        key(CUSTOMER, ORDER),
                        key(NOTE, PRODUCT),
                        key(PRODUCT, NOTE),
                        key(NOTE, ORDER)));
        assertThat(keys.toThemselves()).extracting(Reference::name).containsExactly("k11");
        assertThat(keys.inCircles()).extracting(Reference::name).containsExactly("k23", "k32", "k45", "k54");
        assertThat(keys.order()).containsExactly(ORDER, ITEM, CUSTOMER, NOTE, PRODUCT);
    }

    /** Deeper than a thread's stack, and in no time that anybody would notice. */
    @Test
    void aLongChain() {
        List<Integer> tables = IntStream.range(0, 20_000).boxed().toList();
        List<Reference> chain =
                IntStream.range(0, 19_999).mapToObj(i -> key(i, i + 1)).toList();
        ForeignKeys keys = new ForeignKeys(tables, chain);
        assertThat(keys.circular()).isEmpty();
        assertThat(keys.order()).startsWith(19_999, 19_998).endsWith(1, 0);
        assertThat(keys.levels()).containsEntry(0, 19_999);
    }

    @Test
    void withoutKeysNothingMoves() {
        ForeignKeys keys = new ForeignKeys(List.of(3, 1, 2), List.of());
        assertThat(keys.any()).isFalse();
        assertThat(keys.order()).containsExactly(3, 1, 2);
    }
}
