package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PgColumn;
import dev.sluice.postgresql.PgType;
import dev.sluice.postgresql.SqlNames;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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

    private static final int REGCLASS_OID = 2205;

    private final TargetTable target;
    private final String parameter;

    private InsertSql(TargetTable target, String parameter) {
        this.target = target;
        this.parameter = parameter;
    }

    /** @param parameter what stands in place of each array, for example {@code ?} */
    static String of(TargetTable target, String parameter) {
        InsertSql sql = new InsertSql(target, parameter);
        return "INSERT INTO " + SqlNames.quote(target.table()) + " (" + target.columnList() + ")"
                + (target.overridesIdentity() ? " OVERRIDING SYSTEM VALUE" : "")
                + target.key().map(sql::upsert).orElseGet(sql::insert);
    }

    /** Whether there is an array of rows. */
    static boolean hasRows(TargetTable target) {
        for (int column = 0; column < target.transfers().size(); column++) {
            if (target.inRow(column)) {
                return true;
            }
        }
        return false;
    }

    private String insert() {
        List<String> aliases = aliases();
        return " SELECT " + String.join(", ", values()) + " FROM " + arrays() + " AS u(" + String.join(", ", aliases)
                + ")";
    }

    private String upsert(ConflictKey key) {
        List<String> aliases = aliases();
        aliases.add("n");
        List<String> values = values();
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
                + " FROM (SELECT " + String.join(", ", selected) + ", u.n FROM " + arrays() + " WITH ORDINALITY AS u("
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

    /** For each column its value, of the type that it is written with. */
    private List<String> values() {
        List<String> values = new ArrayList<>();
        for (int column = 0; column < target.transfers().size(); column++) {
            if (target.inRow(column)) {
                values.add("u.r" + target.rowType().fields().indexOf(column));
            } else {
                values.add(read("u.t" + column, target.transfers().get(column).target()));
            }
        }
        return values;
    }

    /** The text as a value of the column's type. */
    private static String read(String text, PgColumn column) {
        PgType type = column.type().effective();
        if (type.oid() == REGCLASS_OID) {
            // A cast would not take the text that stands for no relation.
            return "pg_catalog.regclassin(pg_catalog.textout(" + text + "))";
        }
        // Without the modifier: a cast to varchar(3) cuts off, while the assignment to such a column refuses.
        return text + "::" + type.name();
    }

    private String arrays() {
        List<String> arrays = new ArrayList<>();
        if (hasRows(target)) {
            arrays.add("pg_catalog.unnest(" + parameter + "::" + SqlNames.quote(target.table()) + "[])");
        }
        for (int column = 0; column < target.transfers().size(); column++) {
            if (!target.inRow(column)) {
                arrays.add("pg_catalog.unnest(" + parameter + "::pg_catalog.text[])");
            }
        }
        return arrays.stream().collect(Collectors.joining(", ", "ROWS FROM (", ")"));
    }

    /** The names of the arrays' columns. */
    private List<String> aliases() {
        List<String> aliases = new ArrayList<>();
        if (hasRows(target)) {
            for (int i = 0; i < target.rowType().attributes().size(); i++) {
                aliases.add("r" + i);
            }
        }
        for (int column = 0; column < target.transfers().size(); column++) {
            if (!target.inRow(column)) {
                aliases.add("t" + column);
            }
        }
        return aliases;
    }
}
