package dev.transvase.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The rows that are moved: ten columns of usual types, a third of them nullable, about 150 bytes a row. */
final class OrdersTable {

    static final String SOURCE = "orders";
    static final String TARGET = "orders_copy";

    private static final String CREATE = """
            CREATE TABLE %s (
                id bigint PRIMARY KEY,
                customer_id integer NOT NULL,
                status character varying(20) NOT NULL,
                amount numeric(12,2) NOT NULL,
                discount numeric(6,4),
                note text,
                created_at timestamp with time zone NOT NULL,
                shipped_on date,
                paid boolean,
                reference uuid NOT NULL
            )
            """;

    /** The same rows on every machine: nothing is random. */
    private static final String FILL = """
            INSERT INTO %s
            SELECT g,
                   g * 7919 %% 100003,
                   (ARRAY['new', 'paid', 'packed', 'shipped', 'delivered', 'returned'])[1 + g %% 6],
                   (g * 104729 %% 10000000)::numeric / 100,
                   CASE WHEN g %% 3 > 0 THEN (g * 31 %% 10000)::numeric / 10000 END,
                   CASE WHEN g %% 10 > 0 THEN 'Order ' || g || left(repeat(md5(g::text), 3), (g * 37 %% 90)::int) END,
                   timestamptz '2026-01-01 00:00:00+00' + g * interval '1.234567 seconds',
                   CASE WHEN g %% 4 > 0 THEN date '2026-01-01' + (g %% 365)::int END,
                   CASE WHEN g %% 5 > 0 THEN g %% 2 = 0 END,
                   md5(g::text)::uuid
            FROM generate_series(%d::bigint, %d) g
            """;

    private OrdersTable() {}

    /** Makes the source table with this many rows, whose ids are 1 to that number, and an empty one like it. */
    static void create(Connection connection, long rows) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(CREATE.formatted(SOURCE));
            fill(statement, 1, rows);
            statement.execute(CREATE.formatted(TARGET));
            // Who reads a row first writes a hint to it; that is not to be the first benchmark.
            statement.execute("VACUUM (FREEZE, ANALYZE) " + SOURCE);
            statement.execute("CHECKPOINT");
        }
    }

    /** Makes the source table without rows. */
    static void createEmpty(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(CREATE.formatted(SOURCE));
        }
    }

    /** Inserts the rows with these ids into the source table, in one statement. */
    static void fill(Statement statement, long first, long last) throws SQLException {
        statement.execute(FILL.formatted(SOURCE, first, last));
    }

    /** Empties the target table. */
    static void truncateTarget(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE " + TARGET);
        }
    }

    /** A figure for rows that did not arrive would be worth nothing. */
    static void requireTarget(Connection connection, long rows) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + TARGET)) {
            row.next();
            if (row.getLong(1) != rows) {
                throw new IllegalStateException(
                        "Expected " + rows + " rows, found " + row.getLong(1) + " in " + TARGET);
            }
        }
    }
}
