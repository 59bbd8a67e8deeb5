package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The tables of a database in which jobs keep how far they have come, known by their columns whatever they are called. */
public final class PositionTables {

    private static final String COLUMNS = "split,token,context,description,updated_at";

    private PositionTables() {}

    /**
     * One of them.
     *
     * @param readable whether the user may read it
     */
    public record Found(TableName table, boolean readable) {}

    /** All there are. Blocks on the server. */
    public static List<Found> of(PostgresSession session) throws SQLException {
        List<Found> found = new ArrayList<>();
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT n.nspname, c.relname,"
                        + " pg_catalog.has_table_privilege(c.oid, 'SELECT')"
                        + " AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') FROM pg_catalog.pg_attribute f"
                        + " JOIN pg_catalog.pg_class c ON c.oid = f.attrelid AND c.relkind = 'r'"
                        + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE f.attname = 'split' AND f.attnum = 1 AND (SELECT"
                        + " pg_catalog.string_agg(a.attname::pg_catalog.text, ',' ORDER BY a.attnum)"
                        + " FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0"
                        + " AND NOT a.attisdropped) = '" + COLUMNS + "'")) {
            while (row.next()) {
                found.add(new Found(new TableName(row.getString(1), row.getString(2)), row.getBoolean(3)));
            }
        }
        return found;
    }

    /**
     * Identifies the session's database among all others, also of other servers: the same text for the same database, whatever
     * way leads to it. Blocks on the server.
     */
    public static String place(PostgresSession session) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT system_identifier || '/' || pg_catalog.current_database()"
                                + " FROM pg_catalog.pg_control_system()")) {
            row.next();
            return row.getString(1);
        }
    }
}
