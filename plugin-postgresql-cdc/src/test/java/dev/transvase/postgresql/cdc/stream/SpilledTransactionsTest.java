package dev.transvase.postgresql.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a transaction in progress has brought is handed on in its order, for as long as somebody takes it. */
class SpilledTransactionsTest {

    @TempDir
    private Path folder;

    private final List<Integer> taken = new ArrayList<>();

    @Test
    void whatWasNotRolledBackIsHandedOnInItsOrder() throws Exception {
        try (SpilledTransactions spilled = spilled()) {
            spilled.rollBack(7, 8);
            assertThat(spilled.replay(7, message -> take(message, 9))).isTrue();
            assertThat(taken).containsExactly(1, 3, 4);
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void nothingIsReadBehindTheMessageThatEndsIt() throws Exception {
        try (SpilledTransactions spilled = spilled()) {
            assertThat(spilled.replay(7, message -> take(message, 2))).isFalse();
            assertThat(taken).containsExactly(1, 2);
            assertThat(files()).as("the server sends it once more").isEmpty();
        }
    }

    @Test
    void aLostConnectionComesOutAsItIs() throws Exception {
        SQLException lost = new SQLException("the server has gone");
        try (SpilledTransactions spilled = spilled()) {
            assertThatThrownBy(() -> spilled.replay(7, message -> {
                        throw lost;
                    }))
                    .isSameAs(lost);
            spilled.clear();
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void ofATransactionThatBroughtNothingAllIsTaken() throws Exception {
        try (SpilledTransactions spilled = spilled()) {
            assertThat(spilled.replay(9, message -> take(message, 0))).isTrue();
            assertThat(taken).isEmpty();
        }
    }

    /** Transaction 7, whose second message is of the sub-transaction 8. */
    private SpilledTransactions spilled() {
        SpilledTransactions spilled = new SpilledTransactions(folder);
        spilled.add(7, message(7, 1));
        spilled.add(7, message(8, 2));
        spilled.add(7, message(7, 3));
        spilled.add(7, message(7, 4));
        return spilled;
    }

    private static ByteBuffer message(int xid, int content) {
        return ByteBuffer.allocate(9)
                .put((byte) 'I')
                .putInt(xid)
                .putInt(content)
                .flip();
    }

    private boolean take(ByteBuffer message, int last) {
        int content = message.getInt(5);
        taken.add(content);
        return content != last;
    }

    /** The files of transactions, whose names are numbers. */
    private List<Path> files() throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.getFileName().toString().matches("\\d+"))
                    .toList();
        }
    }
}
