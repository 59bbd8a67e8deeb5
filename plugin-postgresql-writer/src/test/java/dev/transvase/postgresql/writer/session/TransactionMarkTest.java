package dev.transvase.postgresql.writer.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.postgresql.writer.session.TransactionMark.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransactionMarkTest {

    @ParameterizedTest
    @CsvSource({
        "false, false, false, committed, COMMITTED",
        "false, false, false, aborted, UNDONE",
        "false, false, false, in progress, PENDING",
        "false, false, false, , UNKNOWN",
        // A recovery long ago, before the session: that the log is longer now says nothing.
        "false, false, true, committed, COMMITTED",
        // After a crash another transaction may have the number.
        "false, true, false, committed, UNKNOWN",
        "false, true, false, aborted, UNDONE",
        "false, true, false, in progress, UNDONE",
        "false, true, false, , UNKNOWN",
        "false, true, true, committed, UNDONE",
        "false, true, true, , UNDONE",
        // A standby may still replay the commit.
        "true, true, true, , PENDING"
    })
    void whatBecameOfATransaction(
            boolean recovering, boolean crashed, boolean cutOff, String status, Outcome expected) {
        assertThat(TransactionMark.outcome(recovering, crashed, cutOff, status)).isEqualTo(expected);
    }
}
