package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PgColumn;
import dev.sluice.postgresql.SqlNames;
import java.util.ArrayList;
import java.util.List;

/**
 * Words the statement that takes a batch: an array of the table's rows in binary, and beside it an array of text for each
 * column that the server has to read.
 *
 * <p>An upsert's statement must not meet a row twice. So of the records with one key only the last is taken; of the columns
 * that an update leaves alone it gets the values of the first, which is what would be left had they been written one by
 * one. The server compares the keys, by the key's own collations. In passing it sorts by them, so that several channels lock
 * rows in one order.
 */
final class InsertSql {

    private final TargetTable target;
    private final RowSource rows;
    private final String parameter;

    private InsertSql(TargetTable target, String parameter) {
        this.target = target;
        this.rows = new RowSource(target, "u");
        this.parameter = parameter;
    }

    /** @param parameter what stands in place of each array, for example {@code ?} */
    static String of(TargetTable target, String parameter) {
        InsertSql sql = new InsertSql(target, parameter);
        return "INSERT INTO " + SqlNames.quote(target.table()) + " (" + target.columnList() + ")"
                + (target.overridesIdentity() ? " OVERRIDING SYSTEM VALUE" : "")
                + target.key().map(sql::upsert).orElseGet(sql::insert);
    }

    private String insert() {
        List<String> aliases = rows.names();
        return " SELECT " + String.join(", ", rows.values()) + " FROM " + rows.arrays(parameter) + " AS u("
                + String.join(", ", aliases) + ")";
    }

    private String upsert(ConflictKey key) {
        List<String> aliases = rows.names();
        aliases.add("n");
        List<String> values = rows.values();
        List<String> selected = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        List<String> firsts = new ArrayList<>();
        List<String> updates = new ArrayList<>();
        for (int column = 0; column < values.size(); column++) {
            selected.add(values.get(column) + " AS c" + column);
            PgColumn written = target.transfers().get(column).target();
            if (isUpdated(key, written)) {
                taken.add("f.c" + column);
                String name = SqlNames.quote(written.name());
                updates.add(name + " = EXCLUDED." + name);
            } else {
                taken.add("f.k" + column);
                firsts.add("pg_catalog.first_value(v.c" + column + ") OVER w AS k" + column);
            }
        }
        return " SELECT " + String.join(", ", taken)
                + " FROM (SELECT v.*, " + String.join(", ", firsts) + ", pg_catalog.lead(v.n) OVER w AS later"
                + " FROM (SELECT " + String.join(", ", selected) + ", u.n FROM " + rows.arrays(parameter)
                + " WITH ORDINALITY AS u("
                + String.join(", ", aliases) + ")) AS v WINDOW w AS (PARTITION BY " + partition(key)
                + " ORDER BY v.n)) AS f WHERE f.later IS NULL ON CONFLICT " + key.target()
                + (updates.isEmpty() ? " DO NOTHING" : " DO UPDATE SET " + String.join(", ", updates));
    }

    /** The server updates no column that is always generated as identity. */
    static boolean isUpdated(ConflictKey key, PgColumn column) {
        return !key.contains(column.name()) && !TargetTable.isAlwaysIdentity(column);
    }

    /** What is the same for records of one key, and for no others. */
    private String partition(ConflictKey key) {
        List<String> same = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        List<String> names =
                target.transfers().stream().map(t -> t.target().name()).toList();
        for (ConflictKey.Part part : key.parts()) {
            String column = "v.c" + names.indexOf(part.column());
            columns.add(column);
            same.add(part.compared(column));
        }
        if (key.mayBeUnknown()) {
            same.add("CASE WHEN pg_catalog.num_nulls(" + String.join(", ", columns) + ") > 0 THEN v.n END");
        }
        return String.join(", ", same);
    }
}
