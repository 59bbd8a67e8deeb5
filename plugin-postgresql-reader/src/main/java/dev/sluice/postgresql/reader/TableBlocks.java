package dev.sluice.postgresql.reader;

import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.TableDescription;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The storage of a table with its partitions and children.
 *
 * @param total blocks of all
 * @param largest blocks of the one that has most
 * @param sampleable whether all of it is storage of this server
 */
record TableBlocks(long total, long largest, boolean sampleable) {

    static TableBlocks of(PostgresSession session, TableDescription table) throws SQLException {
        String sql = "WITH RECURSIVE tree AS (SELECT " + Integer.toUnsignedString(table.oid()) + "::oid AS oid"
                + " UNION SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid),"
                + " part AS (SELECT c.relkind, CASE WHEN c.relkind IN ('r', 'm')"
                + " THEN pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::int8 ELSE 0 END"
                + " AS blocks FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid)"
                + " SELECT sum(blocks), max(blocks), bool_and(relkind IN ('r', 'm', 'p')) FROM part";
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new TableBlocks(row.getLong(1), row.getLong(2), row.getBoolean(3));
        }
    }
}
