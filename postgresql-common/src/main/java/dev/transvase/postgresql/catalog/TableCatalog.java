package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.spi.error.Spelling;
import dev.transvase.spi.table.TableName;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Looks tables up in the system catalog. */
final class TableCatalog {

    private static final String TABLES = "SELECT w.n, c.oid, n.nspname, c.relname, c.relkind, c.relpersistence,"
            + " c.relhassubclass FROM ROWS FROM (pg_catalog.unnest(?::pg_catalog.text[]), pg_catalog.unnest(?::pg_catalog.text[]))"
            + " WITH ORDINALITY AS w(schema, name, n)"
            + " JOIN pg_catalog.pg_class c ON c.relname = w.name"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')"
            + " AND CASE WHEN w.schema = '' THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = w.schema END";

    private static final String COLUMNS = "SELECT a.attrelid, a.attname, a.atttypid, COALESCE(d.typmod, a.atttypmod),"
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
            + " WHERE a.attrelid = ANY (ARRAY(SELECT x::pg_catalog.int8::pg_catalog.oid FROM pg_catalog.unnest(?::pg_catalog.text[]) x))"
            + " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum";

    /** More names than this are not looked through for a similar one. */
    private static final int MOST_NAMES = 5_000;

    private static final String USERS_OWN = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";

    private TableCatalog() {}

    /** What there is of these, in three round trips however many they are. */
    static Map<TableName, TableDescription> find(PostgresSession session, Collection<TableName> tables)
            throws SQLException {
        List<TableName> wanted = List.copyOf(tables);
        Map<TableName, TableDescription> found = new LinkedHashMap<>();
        if (wanted.isEmpty()) {
            return found;
        }
        try (PreparedStatement statement = session.jdbc().prepareStatement(TABLES)) {
            statement.setArray(1, texts(session, wanted.stream().map(TableName::namespace)));
            statement.setArray(2, texts(session, wanted.stream().map(TableName::name)));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.put(wanted.get(row.getInt(1) - 1), table(row));
                }
            }
        }
        List<Integer> oids = found.values().stream().map(TableDescription::oid).toList();
        Map<Integer, List<PgColumn>> columns = columns(session, oids);
        found.replaceAll((name, table) -> table.withColumns(columns.getOrDefault(table.oid(), List.of())));
        return found;
    }

    private static TableDescription table(ResultSet row) throws SQLException {
        return new TableDescription(
                new TableName(row.getString(3), row.getString(4)),
                (int) row.getLong(2),
                row.getString(5).charAt(0),
                row.getString(6).charAt(0),
                row.getBoolean(7),
                List.of());
    }

    /** The columns of these relations, or the attributes of composite types, by the relation's OID. */
    static Map<Integer, List<PgColumn>> columns(PostgresSession session, List<Integer> tables) throws SQLException {
        String sql = COLUMNS.replace("$generated", session.majorVersion() >= 12 ? "a.attgenerated <> ''" : "false");
        try (PreparedStatement statement =
                session.jdbc().prepareStatement(sql, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
            statement.setArray(1, texts(session, tables.stream().map(Integer::toUnsignedString)));
            try (ResultSet row = statement.executeQuery()) {
                Set<Integer> oids = new HashSet<>();
                while (row.next()) {
                    oids.add((int) row.getLong(3));
                }
                Map<Integer, PgType> types = PgTypes.load(session, oids);
                Map<Integer, List<PgColumn>> columns = new HashMap<>();
                row.beforeFirst();
                while (row.next()) {
                    columns.computeIfAbsent((int) row.getLong(1), t -> new ArrayList<>())
                            .add(column(row, types));
                }
                return columns;
            }
        }
    }

    private static PgColumn column(ResultSet row, Map<Integer, PgType> types) throws SQLException {
        int oid = (int) row.getLong(3);
        PgType type = types.get(oid);
        String identity = row.getString(8);
        return new PgColumn(
                row.getString(2),
                oid,
                row.getInt(4),
                PgTypes.declared(type.effective().oid(), row.getString(5)),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getBoolean(9),
                identity.isEmpty() ? PgColumn.NO_IDENTITY : identity.charAt(0),
                type);
    }

    private static Array texts(PostgresSession session, Stream<String> texts) throws SQLException {
        return session.jdbc().createArrayOf("text", texts.toArray());
    }

    /** Why there is no such table, with the name that was most likely meant. */
    static String notFound(PostgresSession session, TableName table) throws SQLException {
        String message = "there is no table or view " + table + " in database "
                + session.jdbc().getCatalog();
        String where = table.namespace().isEmpty()
                ? "(pg_catalog.pg_table_is_visible(c.oid) OR " + USERS_OWN + ")"
                : USERS_OWN;
        Map<String, TableName> names = new HashMap<>();
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT n.nspname, c.relname FROM pg_catalog.pg_class c"
                        + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND " + where
                        + " ORDER BY n.nspname = 'pg_catalog', NOT pg_catalog.pg_table_is_visible(c.oid), c.oid DESC LIMIT "
                        + MOST_NAMES)) {
            while (row.next()) {
                TableName name = new TableName(row.getString(1), row.getString(2));
                names.putIfAbsent(
                        table.namespace().isEmpty() ? name.name() : name.namespace() + '.' + name.name(), name);
            }
        }
        String wanted = table.namespace().isEmpty() ? table.name() : table.namespace() + '.' + table.name();
        return message
                + Spelling.nearest(wanted, names.keySet())
                        .map(n -> "; did you mean " + names.get(n) + "?")
                        .orElse("");
    }
}
