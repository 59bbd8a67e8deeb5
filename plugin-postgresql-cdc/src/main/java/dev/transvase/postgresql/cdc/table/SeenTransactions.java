package dev.transvase.postgresql.cdc.table;

import java.util.Arrays;

/**
 * The transactions that a look at the catalog sees: those that had ended when it was taken. A place in the log does not tell: a
 * transaction whose commit is in the log becomes visible a moment later, and with synchronous replication not before a standby
 * has it.
 *
 * @param snapshot as {@code txid_current_snapshot} writes it
 */
public record SeenTransactions(String snapshot) {

    /** Those with lower numbers, in the sense of the server's comparison of these. */
    public static SeenTransactions before(int horizon) {
        String number = Integer.toUnsignedString(horizon);
        return new SeenTransactions(number + ':' + number + ':');
    }

    /** All transactions with a lower number had ended, and the transactions within these too. */
    public int horizon() {
        return number(snapshot.substring(0, snapshot.indexOf(':')));
    }

    /** No transaction with this number or a higher one had begun. */
    public int end() {
        return number(snapshot.split(":", -1)[1]);
    }

    /** Whether this transaction is seen, which is not one within another. */
    public boolean sees(int xid) {
        String[] parts = snapshot.split(":", -1);
        return xid - number(parts[1]) < 0
                && Arrays.stream(parts[2].split(",", -1))
                        .filter(running -> !running.isEmpty())
                        .noneMatch(running -> number(running) == xid);
    }

    /** Of 64 bits the lower ones are the transaction's; what is compared is never far apart. */
    private static int number(String text) {
        return (int) Long.parseLong(text);
    }
}
