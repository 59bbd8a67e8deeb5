package dev.transvase.postgresql.copy;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Where a row is.
 *
 * @param table the OID of the table that it is in, which may be a partition
 * @param place as {@code ctid} prints
 */
record RowId(long table, String place) {

    static RowId of(int table, int block, short line) {
        return new RowId(
                Integer.toUnsignedLong(table),
                '(' + Integer.toUnsignedString(block) + ',' + Short.toUnsignedInt(line) + ')');
    }

    /** What only these rows, all of one table, meet. */
    static String condition(List<RowId> rows) {
        return "tableoid = '" + rows.get(0).table() + "'::pg_catalog.oid AND ctid = ANY ('{"
                + rows.stream().map(row -> '"' + row.place() + '"').collect(Collectors.joining(","))
                + "}'::pg_catalog.tid[])";
    }
}
