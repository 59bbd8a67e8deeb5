package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.spi.table.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/**
 * A sequence that numbers the rows of a table: that of an identity or serial column, or one that the default of a column of
 * numbers calls.
 *
 * @param table the table's OID
 * @param column the column's name
 * @param oid the sequence's
 * @param name the sequence's
 * @param increment by which it counts; below 0 it counts down
 * @param min its least value
 * @param max its largest
 * @param last the last value that it has given out; empty when it has given out none, or the user may not know
 * @param settable whether the user may read and set it
 * @param readable whether the user may read the column
 * @param decimal whether the column holds decimals
 */
public record ColumnSequence(
        int table,
        String column,
        int oid,
        TableName name,
        long increment,
        long min,
        long max,
        OptionalLong last,
        boolean settable,
        boolean readable,
        boolean decimal) {

    /** Earlier servers have no catalog of sequences. */
    private static final int FIRST_WITH_CATALOG = 10;

    private static final String SELECT = "SELECT f.relid::pg_catalog.int8, a.attname, s.seqrelid::pg_catalog.int8,"
            + " n.nspname, c.relname, s.seqincrement, s.seqmin, s.seqmax,"
            + " CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'USAGE, SELECT')"
            + " THEN pg_catalog.pg_sequence_last_value(c.oid) END,"
            + " pg_catalog.has_sequence_privilege(c.oid, 'UPDATE') AND pg_catalog.has_sequence_privilege(c.oid, 'SELECT'),"
            + " pg_catalog.has_column_privilege(f.relid, f.attnum::pg_catalog.int2, 'SELECT'), 1700 IN (t.oid, t.typbasetype)"
            + " FROM (SELECT d.refobjid AS relid, d.refobjsubid AS attnum, d.objid AS sequence"
            + " FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
            + " AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0"
            + " AND d.deptype IN ('a', 'i')"
            + " UNION SELECT v.adrelid, v.adnum, d.refobjid FROM pg_catalog.pg_attrdef v"
            + " JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = v.oid"
            + " AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass) f"
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = f.relid AND a.attnum = f.attnum"
            + " JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
            + " JOIN pg_catalog.pg_sequence s ON s.seqrelid = f.sequence"
            + " JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE f.relid = ANY (?::pg_catalog.oid[]) AND CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END IN (20, 21, 23, 1700) ORDER BY 1, 2, 3";

    /** The sequences of these tables, by their OIDs; none on a server before 10. Blocks on the server. */
    public static List<ColumnSequence> of(PostgresSession session, Collection<Integer> tables) throws SQLException {
        if (session.majorVersion() < FIRST_WITH_CATALOG || tables.isEmpty()) {
            return List.of();
        }
        List<ColumnSequence> sequences = new ArrayList<>();
        try (PreparedStatement statement = session.jdbc().prepareStatement(SELECT)) {
            Object[] oids = tables.stream().map(Integer::toUnsignedString).toArray();
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    long last = row.getLong(9);
                    OptionalLong given = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(last);
                    sequences.add(new ColumnSequence(
                            (int) row.getLong(1),
                            row.getString(2),
                            (int) row.getLong(3),
                            new TableName(row.getString(4), row.getString(5)),
                            row.getLong(6),
                            row.getLong(7),
                            row.getLong(8),
                            given,
                            row.getBoolean(10),
                            row.getBoolean(11),
                            row.getBoolean(12)));
                }
            }
        }
        return sequences;
    }
}
