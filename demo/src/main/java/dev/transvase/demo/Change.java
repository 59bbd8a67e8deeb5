package dev.transvase.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * Something that is done to the source's tables while a job follows them.
 *
 * @param what as the user sees it
 * @param transactions how many there are
 * @param committed whether they are committed or rolled back
 * @param sql the statements of each; {@code @n@} stands for its number, from 0
 * @param arrived a condition that holds at the target once the last of them is there, if that can be seen
 */
record Change(String what, int transactions, boolean committed, List<String> sql, Optional<String> arrived) {
    private static final int MOST_TRANSACTIONS = 500;
    private static final int ROWS_FOR_EACH = 50;

    /** New orders have numbers from here on, where no other order has one. */
    private static final int NEW = 1_000_000_000;

    Change {
        sql = List.copyOf(sql);
    }

    /**
     * The demo's changes, in their order.
     *
     * @param orders how many orders there are: fewer of them, fewer changes
     */
    static List<Change> all(int orders) {
        int many = Math.max(5, Math.min(MOST_TRANSACTIONS, orders / ROWS_FOR_EACH));
        int few = many / 5;
        return List.of(
                seen(
                        "INSERT of new orders, four in a transaction",
                        many,
                        insert(NEW + " + 4 * @n@", 4),
                        "EXISTS (SELECT FROM shop.orders WHERE id = " + (NEW + 4 * many - 1) + ")"),
                seen(
                        "UPDATE of their state",
                        many,
                        "UPDATE shop.orders SET state = 'paid', weight = @n@ / 7.0::float8 WHERE id = " + NEW
                                + " + @n@",
                        "(SELECT state = 'paid' FROM shop.orders WHERE id = " + (NEW + many - 1) + ")"),
                new Change(
                        "ROLLBACK of more orders: they must not arrive",
                        1,
                        false,
                        List.of(insert(Integer.toString(NEW + 4 * many), 1000)),
                        Optional.empty()),
                seen(
                        "UPDATE of the primary key itself",
                        few,
                        "UPDATE shop.orders SET id = id + " + NEW + " WHERE id = " + NEW + " + @n@",
                        "EXISTS (SELECT FROM shop.orders WHERE id = " + (NEW + NEW + few - 1) + ")"),
                new Change(
                        "one transaction over two tables",
                        1,
                        true,
                        List.of(
                                "UPDATE shop.\"Customer-Notes\" SET \"Body\" = \"Body\" || E'\\n– 了解' WHERE"
                                        + " \"Note-Id\" <= 2000",
                                "UPDATE shop.depots SET network = '2001:db8::9/64', turnaround = '02:30', capacity ="
                                        + " '[0,750)' WHERE code = 'HAM1'"),
                        Optional.of("(SELECT turnaround = '02:30' FROM shop.depots WHERE code = 'HAM1')")),
                new Change(
                        "ALTER TABLE shop.orders ADD COLUMN courier text",
                        1,
                        true,
                        List.of("ALTER TABLE shop.orders ADD COLUMN courier text"),
                        Optional.empty()),
                seen(
                        "UPDATE of the new column, thousands of rows at once",
                        1,
                        "UPDATE shop.orders SET courier = 'bicycle no. ' || id % 7 WHERE id <= 5000 OR id = "
                                + (NEW + few),
                        "(SELECT to_jsonb(o) ? 'courier' AND to_jsonb(o) ->> 'courier' IS NOT NULL FROM shop.orders o"
                                + " WHERE id = " + (NEW + few) + ")"),
                seen(
                        "DELETE of new orders and of old ones",
                        many,
                        "DELETE FROM shop.orders WHERE id = " + (NEW + many) + " + @n@ OR id = 1 + @n@",
                        "NOT EXISTS (SELECT FROM shop.orders WHERE id = " + (NEW + 2 * many - 1) + ")"));
    }

    private static Change seen(String what, int transactions, String sql, String arrived) {
        return new Change(what, transactions, true, List.of(sql), Optional.of(arrived));
    }

    private static String insert(String first, int count) {
        return "INSERT INTO shop.orders (id, order_key, customer, amount, currency, ordered_at, state, items, tags)"
                + " SELECT n, md5('live ' || n)::uuid, 'Zoë Müller', n % 10000 / 100.0, 'EUR',"
                + " timestamptz '2026-01-01 00:00:00.000001+00' + n % 86400 * interval '1 second', 'new',"
                + " jsonb_build_object('lines', n), ARRAY['live', NULL]"
                + " FROM (SELECT " + first + " + k AS n FROM generate_series(0, " + (count - 1) + ") AS k) AS numbers";
    }

    /**
     * Does it. Blocks until all is committed, or rolled back.
     *
     * @param source commits when it is asked to
     * @return how many rows were inserted, updated or deleted, and not rolled back
     */
    long make(Connection source) throws SQLException {
        long rows = 0;
        try (Statement statement = source.createStatement()) {
            for (int n = 0; n < transactions; n++) {
                for (String one : sql) {
                    rows += statement.executeUpdate(one.replace("@n@", Integer.toString(n)));
                }
                if (committed) {
                    source.commit();
                } else {
                    source.rollback();
                }
            }
        }
        return committed ? rows : 0;
    }
}
