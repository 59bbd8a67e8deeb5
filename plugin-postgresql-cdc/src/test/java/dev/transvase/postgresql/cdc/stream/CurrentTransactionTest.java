package dev.transvase.postgresql.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import org.junit.jupiter.api.Test;

/** Each change of a transaction is taken once, however often the connection is lost within it. */
class CurrentTransactionTest {

    private static final Lsn COMMIT = new Lsn(200);

    private final CurrentTransaction transaction = new CurrentTransaction();

    /** How many of so many changes are new. */
    private int fresh(int changes) {
        int fresh = 0;
        for (int i = 0; i < changes; i++) {
            if (!transaction.hasSeen()) {
                fresh++;
            }
        }
        return fresh;
    }

    @Test
    void changesThatWereSeenBeforeTheConnectionWasLostAreLeftOut() {
        transaction.begin(7, COMMIT);
        assertThat(fresh(3)).isEqualTo(3);
        transaction.takenUp();
        assertThat(transaction.none()).as("it was cut").isFalse();
        transaction.begin(7, COMMIT);
        assertThat(fresh(5)).isEqualTo(2);
        transaction.end();
        assertThat(transaction.none()).isTrue();
        transaction.begin(8, COMMIT);
        assertThat(fresh(2)).isEqualTo(2);
    }

    @Test
    void aSecondLossThatComesSoonerForgetsNothing() {
        transaction.begin(7, COMMIT);
        fresh(5);
        transaction.takenUp();
        transaction.begin(7, COMMIT);
        assertThat(fresh(2)).isZero();
        transaction.takenUp();
        transaction.takenUp();
        transaction.begin(7, COMMIT);
        assertThat(fresh(6)).isEqualTo(1);
    }

    @Test
    void anotherTransactionInItsPlaceIsNoneThatCanBeGoneOnWith() {
        transaction.begin(7, COMMIT);
        fresh(1);
        transaction.takenUp();
        assertThatThrownBy(() -> transaction.begin(8, COMMIT)).hasMessageContaining("transaction 8 where 7");
    }
}
