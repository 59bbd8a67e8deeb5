package dev.transvase.postgresql.writer.changes.plan;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.writer.plan.UniqueIndex;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The keys that identify rows of tables: unique indexes over columns that are never NULL. */
final class TableKeys {

    private static final String QUERY = "SELECT i.indrelid::pg_catalog.int8,"
            + " ARRAY(SELECT a.attname::pg_catalog.text FROM pg_catalog.generate_series(0, $keys - 1) k"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] ORDER BY k),"
            + " ARRAY(SELECT (" + UniqueIndex.OPERATOR + ")"
            + " FROM pg_catalog.generate_series(0, $keys - 1) k ORDER BY k),"
            + " NOT EXISTS (SELECT 1 FROM pg_catalog.generate_series(0, $keys - 1) k JOIN pg_catalog.pg_attribute a"
            + " ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] WHERE a.attcollation <> i.indcollation[k]),"
            + " NOT i.indimmediate"
            + " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid"
            + " WHERE i.indisunique AND i.indisvalid AND NOT i.indisexclusion AND i.indpred IS NULL"
            + " AND i.indexprs IS NULL AND i.indrelid = ANY (ARRAY(SELECT t::pg_catalog.int8::pg_catalog.oid"
            + " FROM pg_catalog.unnest(?::pg_catalog.text[]) t)) ORDER BY i.indimmediate DESC, i.indisprimary DESC,"
            + " x.relname";

    private final Map<Integer, List<ChangeKey>> keys = new HashMap<>();

    private TableKeys() {}

    /** Those of tables with these OIDs. Blocks on the server. */
    static TableKeys of(PostgresSession session, List<Integer> oids) throws SQLException {
        TableKeys found = new TableKeys();
        String sql = QUERY.replace("$keys", session.majorVersion() >= 11 ? "i.indnkeyatts" : "i.indnatts");
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            Object[] wanted = oids.stream().map(Integer::toUnsignedString).toArray();
            statement.setArray(1, session.jdbc().createArrayOf("text", wanted));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<String> operators = Arrays.stream(
                                    (String[]) row.getArray(3).getArray())
                            .map(operator -> operator == null ? ChangeKey.EQUAL : operator)
                            .toList();
                    found.keys
                            .computeIfAbsent((int) row.getLong(1), t -> new ArrayList<>())
                            .add(new ChangeKey(
                                    List.of((String[]) row.getArray(2).getArray()),
                                    operators,
                                    row.getBoolean(5),
                                    row.getBoolean(4)));
                }
            }
        }
        return found;
    }

    /**
     * The primary key; where there is none the first unique index over columns that are not NULL. What is unique at any time comes
     * before what is so at the end of a transaction only.
     */
    Optional<ChangeKey> best(TableDescription table) {
        return keys.getOrDefault(table.oid(), List.of()).stream()
                .filter(key -> key.columns().stream()
                        .allMatch(name ->
                                table.column(name).map(PgColumn::notNull).orElse(false)))
                .findFirst();
    }

    /** The key of these columns, compared as an index over them does, if there is one. */
    ChangeKey on(TableDescription table, List<String> columns) {
        return keys.getOrDefault(table.oid(), List.of()).stream()
                .filter(key -> Set.copyOf(key.columns()).equals(Set.copyOf(columns)))
                .findFirst()
                .orElseGet(() -> new ChangeKey(
                        columns, columns.stream().map(c -> ChangeKey.EQUAL).toList(), false, false));
    }
}
