package dev.transvase.postgresql.split;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.TableDescription;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The storage of a table with those of its partitions and children that are read with it.
 *
 * @param sizes blocks of each of them that has any
 * @param plain whether all of it is in ordinary tables of this server, which can be sampled and read by position
 * @param positions whether the user may ask for the positions of rows: a privilege on some columns does not suffice
 */
record TableBlocks(List<Long> sizes, boolean plain, boolean positions) {

    TableBlocks {
        sizes = List.copyOf(sizes);
    }

    static TableBlocks of(PostgresSession session, TableDescription table, TreePart part) throws SQLException {
        String oid = Integer.toUnsignedString(table.oid()) + "::pg_catalog.oid";
        String sql = part.tree(table) + ", part AS (SELECT c.relkind, c.relam, CASE WHEN c.relkind IN ('r', 'm')"
                + " THEN pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::pg_catalog.int8 END"
                + " AS blocks FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid)"
                // Before PostgreSQL 12 tables have no access method, since then ordinary ones have that of number 2.
                + " SELECT COALESCE(pg_catalog.array_agg(blocks) FILTER (WHERE blocks > 0), '{}'),"
                + " pg_catalog.bool_and(relkind = 'p' OR relkind IN ('r', 'm') AND relam IN (0, 2)),"
                + " pg_catalog.has_table_privilege(" + oid + ", 'SELECT') FROM part";
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new TableBlocks(List.of((Long[]) row.getArray(1).getArray()), row.getBoolean(2), row.getBoolean(3));
        }
    }

    long total() {
        return sizes.stream().mapToLong(Long::longValue).sum();
    }

    /** How many blocks there are whose number is less than the given one. */
    long before(long block) {
        return sizes.stream().mapToLong(size -> Math.min(size, block)).sum();
    }

    /** The number of blocks of the one that has most. */
    long largest() {
        return sizes.stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
