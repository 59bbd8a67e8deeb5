package dev.sluice.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The order in which tables that refer to each other are moved: S51. */
class ForeignKeysTest {

    private static final int ITEM = 1;
    private static final int ORDER = 2;
    private static final int CUSTOMER = 3;
    private static final int NOTE = 4;
    private static final int PRODUCT = 5;

    @Test
    void whatIsReferredToComesFirstAndTheRestStaysAsItWas() {
        ForeignKeys keys = new ForeignKeys(
                List.of(ITEM, NOTE, ORDER, CUSTOMER, PRODUCT),
                List.of(
                        List.of(ITEM, ORDER),
                        List.of(ITEM, PRODUCT),
                        List.of(ORDER, CUSTOMER),
                        List.of(ORDER, 99),
                        List.of(98, NOTE)));
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
                List.of(List.of(ITEM, ORDER), List.of(ORDER, CUSTOMER), List.of(CUSTOMER, ORDER)));
        assertThat(keys.circular()).containsExactly(ORDER, CUSTOMER);
        assertThat(keys.order()).containsExactly(NOTE, ORDER, ITEM, CUSTOMER);
        assertThat(keys.levels()).isEqualTo(Map.of(NOTE, 0, ORDER, 0, ITEM, 1, CUSTOMER, 1));
    }

    @Test
    void withoutKeysNothingMoves() {
        ForeignKeys keys = new ForeignKeys(List.of(3, 1, 2), List.of());
        assertThat(keys.any()).isFalse();
        assertThat(keys.order()).containsExactly(3, 1, 2);
    }
}
