package dev.transvase.postgresql.look;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.catalog.TableListing;
import dev.transvase.postgresql.catalog.TableListing.Listed;
import dev.transvase.postgresql.catalog.TablePattern;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.DataSourceType;
import dev.transvase.spi.look.DataSourceCatalog;
import dev.transvase.spi.table.TableName;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Lists the tables of a database from its catalog. Sizes are what the last VACUUM or ANALYZE found: to measure them takes locks. */
public final class PostgresCatalog implements DataSourceCatalog {

    private static final String APPLICATION = "transvase catalog";
    private static final int LIMIT_MILLIS = 15_000;

    private static final String SIZES = "SELECT c.oid, c.reltuples::pg_catalog.float8, (c.relpages::pg_catalog.int8 +"
            + " COALESCE(t.relpages, 0)) * pg_catalog.current_setting('block_size')::pg_catalog.int8"
            + " FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid"
            + " WHERE c.relkind IN ('r', 'p', 'm', 'f')";

    private static final String PARENTS = "SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits i"
            + " JOIN pg_catalog.pg_class p ON p.oid = i.inhparent WHERE p.relkind = 'p'";

    private static final String KEYS = "SELECT k.conrelid, a.attname FROM pg_catalog.pg_constraint k,"
            + " LATERAL pg_catalog.unnest(k.conkey) WITH ORDINALITY AS c(number, place)"
            + " JOIN pg_catalog.pg_attribute a ON a.attnum = c.number"
            + " WHERE a.attrelid = k.conrelid AND k.contype = 'p' ORDER BY k.conrelid, c.place";

    private final PostgresDataSource source;

    @Inject
    public PostgresCatalog(PostgresDataSource source) {
        this.source = source;
    }

    /** What a plugin lists in {@code dataSourceTypes()}. */
    public static DataSourceType type() {
        DataSourceType plain = PostgresDataSource.type();
        return new DataSourceType(
                plain.name(), plain.parameters(), plain.test(), Optional.of(PostgresCatalog.class), plain.exampleUrl());
    }

    @Override
    public List<CatalogTable> tables() {
        return asked("listing the tables", session -> {
            Map<Integer, long[]> sizes = sizes(session);
            Map<Integer, List<String>> keys = keys(session, Optional.empty());
            List<CatalogTable> tables = new ArrayList<>();
            for (Listed listed : TableListing.of(session).tables()) {
                if (listed.relkind() != 'S') {
                    tables.add(table(listed, sizes.get(listed.oid()), keys.getOrDefault(listed.oid(), List.of())));
                }
            }
            return tables;
        });
    }

    private static CatalogTable table(Listed listed, long[] size, List<String> key) {
        TableDescription described =
                new TableDescription(listed.table(), listed.oid(), listed.relkind(), 'p', false, List.of());
        boolean known = size != null && size[0] >= 0;
        return new CatalogTable(
                listed.table(),
                listed.table().toString(),
                listed.partition() ? "partition" : described.kind(),
                known ? OptionalLong.of(size[0]) : OptionalLong.empty(),
                known && size[1] > 0 ? OptionalLong.of(size[1]) : OptionalLong.empty(),
                key,
                listed.whyNotMeant());
    }

    /** Records and bytes of each, of a partitioned table those of its partitions; less than 0 records are unknown. */
    private static Map<Integer, long[]> sizes(PostgresSession session) throws SQLException {
        Map<Integer, long[]> sizes = new HashMap<>();
        Map<Integer, Integer> parents = new HashMap<>();
        try (Statement statement = session.jdbc().createStatement()) {
            try (ResultSet row = statement.executeQuery(SIZES)) {
                while (row.next()) {
                    // Before PostgreSQL 14 a table that was never looked at has 0 records in no pages.
                    boolean unknown = row.getDouble(2) < 0 || (row.getDouble(2) == 0 && row.getLong(3) == 0);
                    sizes.put(
                            (int) row.getLong(1), new long[] {unknown ? -1 : (long) row.getDouble(2), row.getLong(3)});
                }
            }
            try (ResultSet row = statement.executeQuery(PARENTS)) {
                while (row.next()) {
                    parents.put((int) row.getLong(1), (int) row.getLong(2));
                }
            }
        }
        Map<Integer, long[]> sums = new HashMap<>();
        parents.forEach((child, parent) -> {
            long[] own = sizes.get(child);
            boolean leaf = !parents.containsValue(child);
            for (Integer above = parent;
                    leaf && own != null && own[0] >= 0 && above != null;
                    above = parents.get(above)) {
                long[] sum = sums.computeIfAbsent(above, any -> new long[2]);
                sum[0] += own[0];
                sum[1] += own[1];
            }
        });
        sizes.putAll(sums);
        return sizes;
    }

    private static Map<Integer, List<String>> keys(PostgresSession session, Optional<Integer> table)
            throws SQLException {
        Map<Integer, List<String>> keys = new HashMap<>();
        String sql = table.map(oid ->
                        KEYS.replace("ORDER BY", "AND k.conrelid = " + Integer.toUnsignedString(oid) + " ORDER BY"))
                .orElse(KEYS);
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                keys.computeIfAbsent((int) row.getLong(1), any -> new ArrayList<>())
                        .add(row.getString(2));
            }
        }
        return keys;
    }

    @Override
    public List<CatalogColumn> columns(TableName table) {
        return asked("listing the columns of " + table, session -> {
            Optional<TableDescription> found = TableDescription.find(session, table);
            if (found.isEmpty()) {
                return List.of();
            }
            int oid = found.get().oid();
            List<String> key = keys(session, Optional.of(oid)).getOrDefault(oid, List.of());
            return found.get().columns().stream()
                    .map(column -> column(column, key.contains(column.name())))
                    .toList();
        });
    }

    private static CatalogColumn column(PgColumn column, boolean key) {
        return new CatalogColumn(
                column.name(),
                new TableName("", column.name()).toString(),
                column.declaredType(),
                !column.notNull(),
                key,
                column.hasDefault() || column.identity() != PgColumn.NO_IDENTITY,
                column.generated());
    }

    @Override
    public List<CatalogTable> meant(String pattern, List<CatalogTable> tables) {
        TablePattern meant = TablePattern.parse(pattern);
        if (!meant.isName()) {
            return tables.stream().filter(table -> meant.matches(table.name())).toList();
        }
        TableName name = meant.name();
        List<CatalogTable> found = tables.stream()
                .filter(table -> table.name().name().equals(name.name()))
                .filter(table ->
                        name.namespace().isEmpty() || table.name().namespace().equals(name.namespace()))
                .toList();
        HashSet<String> schemas = new HashSet<>();
        found.forEach(table -> schemas.add(table.name().namespace()));
        boolean several = name.namespace().isEmpty() && schemas.size() > 1 && schemas.contains("public");
        return several
                ? found.stream()
                        .filter(table -> table.name().namespace().equals("public"))
                        .toList()
                : found;
    }

    /** Asks the server something. */
    private interface Question<T> {

        T answer(PostgresSession session) throws SQLException;
    }

    private <T> T asked(String what, Question<T> question) {
        try (PostgresSession session = PostgresSession.open(source, APPLICATION);
                Statement statement = session.jdbc().createStatement()) {
            statement.execute("SET default_transaction_read_only = on; SET statement_timeout = " + LIMIT_MILLIS);
            return question.answer(session);
        } catch (SQLException e) {
            throw SqlErrors.translate(e, what);
        }
    }
}
