package dev.transvase.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** Makes the tables of {@code tables.sql} and fills them at the source by {@code rows.sql}, the same ones every time. */
final class DemoTables {
    private DemoTables() {}

    static void create(Connection connection) throws SQLException {
        execute(connection, Resources.text("tables.sql"));
    }

    /**
     * Fills the source's tables. Blocks for some seconds per million rows.
     *
     * @param rows how many orders there are to be; the notes are a tenth of that
     */
    static void fill(Connection source, int rows) throws SQLException {
        String sql = Resources.text("rows.sql", Map.of("orders", Integer.toString(rows), "notes", notes(rows)));
        execute(source, sql);
    }

    private static String notes(int orders) {
        return Integer.toString(Math.max(1, orders / 10));
    }

    private static void execute(Connection connection, String statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(statements);
        }
    }
}
