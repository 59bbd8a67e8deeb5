package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that can be read like a table in a database, and sequences, but for the system's schemas.
 *
 * @param tables sorted by schema and name, letter by letter whatever the database's collation
 */
public record TableListing(List<Listed> tables) {

    private static final String TABLES = "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition,"
            + " pg_catalog.pg_table_is_visible(c.oid), EXISTS (SELECT 1 FROM pg_catalog.pg_depend d"
            + " WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')"
            + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname <> 'information_schema'"
            + " AND n.nspname !~ '^pg_'";

    private static final String PARENTS = "SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits";

    public TableListing {
        tables = List.copyOf(tables);
    }

    /**
     * One of them.
     *
     * @param table its name
     * @param oid its OID
     * @param relkind as {@link TableDescription#relkind}, or {@code S} for a sequence
     * @param partition whether it is a partition of another table
     * @param visible whether it can be named without its schema
     * @param extension whether it came with an extension
     * @param ancestors the tables that it is a partition or a child of, and what those are
     */
    public record Listed(
            TableName table,
            int oid,
            char relkind,
            boolean partition,
            boolean visible,
            boolean extension,
            Set<Integer> ancestors) {

        public Listed {
            ancestors = Set.copyOf(ancestors);
        }

        /** Why a pattern does not mean it; empty for a {@link #isWholeTable whole table}. */
        public Optional<String> whyNotMeant() {
            if (isWholeTable()) {
                return Optional.empty();
            }
            return Optional.of(
                    extension
                            ? "it belongs to an extension, which creates it at the target too; patterns do not"
                                    + " match such tables, name it to read it"
                            : switch (relkind) {
                                case 'v' -> "a view; patterns match tables only, name it to read it";
                                case 'm' -> "a materialized view; patterns match tables only, name it to read it";
                                case 'f' -> "a foreign table; its rows are on another server, name it to read it";
                                case 'S' -> "a sequence; only the writer's `sequences` copies its value";
                                default -> "a partition of a table that is not read; name it or that table to read it";
                            });
        }

        /** Whether it is one that a pattern means: with rows of its own on this server, and whole. */
        public boolean isWholeTable() {
            return (relkind == 'r' || relkind == 'p') && !partition && !extension;
        }
    }

    /** Asks the server. Blocks on it. */
    public static TableListing of(PostgresSession session) {
        try (Statement statement = session.jdbc().createStatement()) {
            Map<Integer, List<Integer>> parents = parents(statement);
            List<Listed> tables = new ArrayList<>();
            try (ResultSet row = statement.executeQuery(TABLES)) {
                while (row.next()) {
                    int oid = (int) row.getLong(1);
                    tables.add(new Listed(
                            new TableName(row.getString(2), row.getString(3)),
                            oid,
                            row.getString(4).charAt(0),
                            row.getBoolean(5),
                            row.getBoolean(6),
                            row.getBoolean(7),
                            ancestors(oid, parents, new TreeSet<>())));
                }
            }
            tables.sort(Comparator.comparing((Listed listed) -> listed.table().namespace())
                    .thenComparing(listed -> listed.table().name()));
            return new TableListing(tables);
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "listing the tables");
        }
    }

    private static Map<Integer, List<Integer>> parents(Statement statement) throws SQLException {
        Map<Integer, List<Integer>> parents = new HashMap<>();
        try (ResultSet row = statement.executeQuery(PARENTS)) {
            while (row.next()) {
                parents.computeIfAbsent((int) row.getLong(1), child -> new ArrayList<>())
                        .add((int) row.getLong(2));
            }
        }
        return parents;
    }

    private static Set<Integer> ancestors(int oid, Map<Integer, List<Integer>> parents, Set<Integer> found) {
        for (int parent : parents.getOrDefault(oid, List.of())) {
            if (found.add(parent)) {
                ancestors(parent, parents, found);
            }
        }
        return found;
    }
}
