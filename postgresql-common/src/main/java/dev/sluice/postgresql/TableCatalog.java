package dev.sluice.postgresql;

import dev.sluice.spi.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks tables up in the system catalog. */
final class TableCatalog {

    private static final String TABLE = "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence,"
            + " c.relhassubclass FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname = ?"
            + " AND CASE WHEN ? = '' THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = ? END";

    private static final String COLUMNS = "SELECT a.attname, a.atttypid, COALESCE(d.typmod, a.atttypmod),"
            + " pg_catalog.format_type(COALESCE(d.base, a.atttypid), COALESCE(d.typmod, a.atttypmod)), "
            + "a.attnotnull, a.atthasdef, a.attidentity, $generated"
            + " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
            + " LEFT JOIN LATERAL (WITH RECURSIVE chain AS ("
            + "SELECT t.typbasetype AS base, t.typtypmod AS typmod FROM pg_catalog.pg_type t"
            + " WHERE t.oid = a.atttypid AND t.typtype = 'd' UNION ALL"
            + " SELECT t.typbasetype, t.typtypmod FROM chain JOIN pg_catalog.pg_type t ON t.oid = chain.base"
            + " WHERE t.typtype = 'd')"
            + " SELECT chain.base, chain.typmod FROM chain JOIN pg_catalog.pg_type t ON t.oid = chain.base"
            + " WHERE t.typtype <> 'd') d ON true"
            + " WHERE a.attrelid = ?::bigint::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

    /** More names than this are not looked through for a similar one. */
    private static final int MOST_NAMES = 5_000;

    private TableCatalog() {}

    static Optional<TableDescription> find(PostgresSession session, TableName table) throws SQLException {
        try (PreparedStatement statement = session.jdbc().prepareStatement(TABLE)) {
            statement.setString(1, table.name());
            statement.setString(2, table.namespace());
            statement.setString(3, table.namespace());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                int oid = (int) row.getLong(1);
                return Optional.of(new TableDescription(
                        new TableName(row.getString(2), row.getString(3)),
                        oid,
                        row.getString(4).charAt(0),
                        row.getString(5).charAt(0),
                        row.getBoolean(6),
                        columns(session, oid)));
            }
        }
    }

    private static List<PgColumn> columns(PostgresSession session, int table) throws SQLException {
        String sql = COLUMNS.replace("$generated", session.majorVersion() >= 12 ? "a.attgenerated <> ''" : "false");
        try (PreparedStatement statement =
                session.jdbc().prepareStatement(sql, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
            statement.setLong(1, Integer.toUnsignedLong(table));
            try (ResultSet row = statement.executeQuery()) {
                Set<Integer> oids = new HashSet<>();
                while (row.next()) {
                    oids.add((int) row.getLong(2));
                }
                Map<Integer, PgType> types = PgTypes.load(session, oids);
                List<PgColumn> columns = new ArrayList<>();
                row.beforeFirst();
                while (row.next()) {
                    columns.add(column(row, types));
                }
                return columns;
            }
        }
    }

    private static PgColumn column(ResultSet row, Map<Integer, PgType> types) throws SQLException {
        int type = (int) row.getLong(2);
        String identity = row.getString(7);
        return new PgColumn(
                row.getString(1),
                type,
                row.getInt(3),
                row.getString(4),
                row.getBoolean(5),
                row.getBoolean(6),
                row.getBoolean(8),
                identity.isEmpty() ? PgColumn.NO_IDENTITY : identity.charAt(0),
                types.get(type));
    }

    /** Why there is no such table, with the name that was most likely meant. */
    static String notFound(PostgresSession session, TableName table) throws SQLException {
        String message = "there is no table or view " + table + " in database "
                + session.jdbc().getCatalog();
        String where = table.namespace().isEmpty()
                ? "pg_catalog.pg_table_is_visible(c.oid)"
                : "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";
        Map<String, TableName> names = new HashMap<>();
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT n.nspname, c.relname FROM pg_catalog.pg_class c"
                        + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND " + where
                        + " ORDER BY n.nspname = 'pg_catalog', c.oid DESC LIMIT " + MOST_NAMES)) {
            while (row.next()) {
                TableName name = new TableName(row.getString(1), row.getString(2));
                names.put(table.namespace().isEmpty() ? name.name() : name.namespace() + '.' + name.name(), name);
            }
        }
        String wanted = table.namespace().isEmpty() ? table.name() : table.namespace() + '.' + table.name();
        return message
                + SqlNames.nearest(wanted, names.keySet())
                        .map(n -> "; did you mean " + names.get(n) + "?")
                        .orElse("");
    }
}
