package dev.transvase.postgresql.copy;

import dev.transvase.postgresql.split.SelectItem;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.table.TableName;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How a row is read from the partition or child that it is in: {@code FROM ONLY} that one, under the name of the table above it,
 * so that the server does not plan all the others for it. Columns go by their names then, for a partition may have them in
 * another order. The table above it stays where that would read something else: where the user may not read the partition by
 * itself, where policies of row-level security are about it, and where the job's SQL names the table: its row as a whole, or a
 * column with its schema. So does it where columns are computed when they are read: the partition may compute them otherwise.
 */
final class Leaves {

    private static final int VIRTUAL_COLUMNS_FROM = 18;

    private static final String NONE_VIRTUAL =
            " AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid IN (c.oid, r.oid)"
                    + " AND a.attgenerated IN ('v'))";

    private static final String ONLY = "ONLY ";

    /** The server cuts longer names, so that SQL may have the name in a longer form. */
    private static final int MOST_NAME_BYTES = 62;

    private final CarefulRead read;

    /** By the OID of the table. */
    private final Map<Long, String> known = new HashMap<>();

    Leaves(CarefulRead read) {
        this.read = read;
    }

    /** What follows FROM for rows of this table. */
    String from(long table) throws SQLException {
        String from = known.get(table);
        if (from == null) {
            from = find(table);
            known.put(table, from);
        }
        return from;
    }

    private String find(long table) throws SQLException {
        String whole = read.task().from();
        if (whole.startsWith(ONLY)) {
            return whole;
        }
        List<String> found = read.savepoints()
                .query("SELECT n.nspname, c.relname, r.relname, c.oid OPERATOR(pg_catalog.=) r.oid,"
                        + " pg_catalog.has_schema_privilege(n.oid, 'USAGE')"
                        + " AND pg_catalog.has_table_privilege(c.oid, 'SELECT')"
                        + " AND NOT pg_catalog.row_security_active(c.oid)"
                        + (read.savepoints().session().majorVersion() >= VIRTUAL_COLUMNS_FROM ? NONE_VIRTUAL : "")
                        + " FROM pg_catalog.pg_class c"
                        + " JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace"
                        + " JOIN pg_catalog.pg_class r ON r.oid OPERATOR(pg_catalog.=) "
                        + SqlNames.literal(whole) + "::pg_catalog.regclass WHERE c.oid OPERATOR(pg_catalog.=) '" + table
                        + "'::pg_catalog.oid")
                .get(0);
        String root = found.get(2);
        if (found.get(3).equals("t")) {
            return ONLY + whole;
        }
        return found.get(4).equals("t") && !mayBeNamed(root)
                ? ONLY + SqlNames.quote(new TableName(found.get(0), found.get(1))) + " AS " + SqlNames.quote(root)
                : whole;
    }

    /** Whether the job's SQL has this name, or may have it in another spelling. */
    private boolean mayBeNamed(String table) {
        String letter = "[\\p{L}\\p{N}_$]";
        Pattern name = Pattern.compile(
                "(?<!" + letter + ')' + Pattern.quote(table) + "(?!" + letter + ")|U&\"",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        return table.contains("\"")
                || table.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES
                || Stream.concat(
                                read.task().items().stream().map(SelectItem::expression),
                                read.task().conditions().stream())
                        .anyMatch(sql -> name.matcher(sql).find());
    }
}
