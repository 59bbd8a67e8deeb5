package dev.transvase.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Changes of an empty source table: rows are inserted, some of them updated, others deleted. The last transaction inserts
 * the row with the highest id, so that its arrival tells that of everything.
 *
 * @param inserts how many rows are inserted, with the ids 1 to that
 * @param updates how many of them are updated
 * @param deletes how many of them are deleted
 * @param perTransaction how many rows one transaction changes
 */
record ChangeWorkload(long inserts, long updates, long deletes, long perTransaction) {

    private static final long USUAL_TRANSACTION = 1_000;

    /** So many changes: a seventh updates, a seventh deletes, the others inserts; in transactions of 1,000 unless they are few. */
    static ChangeWorkload of(long changes) {
        long seventh = changes / 7;
        long inserts = changes - 2 * seventh;
        return new ChangeWorkload(inserts, seventh, seventh, Math.max(1, Math.min(USUAL_TRANSACTION, inserts / 10)));
    }

    static ChangeWorkload oneTransaction(long rows) {
        return new ChangeWorkload(rows, 0, 0, rows);
    }

    long changes() {
        return inserts + updates + deletes;
    }

    /** Makes them, on a connection that commits each statement. */
    void run(Connection connection) throws SQLException {
        long lastTransaction = Math.min(perTransaction, inserts);
        try (Statement statement = connection.createStatement()) {
            each(1, inserts - lastTransaction, (first, last) -> OrdersTable.fill(statement, first, last));
            each(
                    1,
                    updates,
                    (first, last) -> change(
                            statement, "UPDATE orders SET status = 'returned', amount = amount + 1", first, last));
            each(updates + 1, updates + deletes, (first, last) -> change(statement, "DELETE FROM orders", first, last));
            OrdersTable.fill(statement, inserts - lastTransaction + 1, inserts);
        }
    }

    private interface Transaction {
        void run(long first, long last) throws SQLException;
    }

    private void each(long from, long to, Transaction transaction) throws SQLException {
        for (long first = from; first <= to; first += perTransaction) {
            transaction.run(first, Math.min(to, first + perTransaction - 1));
        }
    }

    private static void change(Statement statement, String sql, long first, long last) throws SQLException {
        long changed = statement.executeLargeUpdate(sql + " WHERE id BETWEEN " + first + " AND " + last);
        if (changed != last - first + 1) {
            throw new IllegalStateException("Expected " + (last - first + 1) + " rows, changed " + changed);
        }
    }
}
