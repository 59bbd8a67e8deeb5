package dev.transvase.postgresql.writer.statement;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.target.ConflictKey;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.postgresql.writer.transfer.ColumnTransfer;
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
public final class InsertSql {

    private final TargetTable target;
    private final RowSource rows;
    private final String parameter;

    private InsertSql(TargetTable target, String parameter) {
        this.target = target;
        this.rows = new RowSource(target, "u");
        this.parameter = parameter;
    }

    /**
     * The statement that inserts a batch, or upserts it.
     *
     * @param parameter what stands in place of each array, for example {@code ?}
     */
    public static String of(TargetTable target, String parameter) {
        InsertSql sql = new InsertSql(target, parameter);
        return into(target)
                + target.key()
                        .map(key -> " " + sql.lastOfEachKey(key) + sql.onConflict(key))
                        .orElseGet(sql::insert);
    }

    /**
     * The statement of an upsert so that its result are three numbers: of how many keys it had records, how many rows it has
     * inserted or updated, and, where nothing is updated, how many of the keys the table had already.
     */
    public static String counting(TargetTable target, String parameter) {
        InsertSql sql = new InsertSql(target, parameter);
        ConflictKey key = target.key().orElseThrow();
        String all = count("records");
        String written = count("written");
        String there = "0";
        if (updatesNothing(target)) {
            there = key.isKnown() ? count(sql.recordsThatAreThere(key)) : all + " - " + written;
        }
        return "WITH records AS (" + sql.lastOfEachKey(key) + "), written AS (" + into(target)
                + " SELECT * FROM records" + sql.onConflict(key) + " RETURNING 1) SELECT " + all + ", " + written + ", "
                + there;
    }

    /**
     * The query for how many of a batch's keys the table has. To be asked after {@link #counting}, it sees what others have
     * committed meanwhile.
     */
    static String countingWhatIsThere(TargetTable target, String parameter) {
        InsertSql sql = new InsertSql(target, parameter);
        ConflictKey key = target.key().orElseThrow();
        return "WITH records AS (" + sql.lastOfEachKey(key) + ") SELECT " + count(sql.recordsThatAreThere(key));
    }

    /** Whether an upsert leaves the rows that are there as they are, since only columns of the key are written. */
    static boolean updatesNothing(TargetTable target) {
        ConflictKey key = target.key().orElseThrow();
        return target.transfers().stream().noneMatch(transfer -> isUpdated(key, transfer.target()));
    }

    private static String count(String from) {
        return "(SELECT pg_catalog.count(*) FROM " + from + ")";
    }

    private String recordsThatAreThere(ConflictKey key) {
        List<String> names =
                target.transfers().stream().map(t -> t.target().name()).toList();
        List<String> same = new ArrayList<>();
        for (ConflictKey.Part part : key.parts()) {
            String own = "t." + SqlNames.quote(part.column());
            String record = "r.k" + names.indexOf(part.column());
            String equal = part.compared(own) + " " + part.operator() + " " + record;
            same.add(
                    key.nullsDistinct() || !part.nullable()
                            ? equal
                            : "(" + equal + " OR " + own + " IS NULL AND " + record + " IS NULL)");
        }
        return "records AS r WHERE EXISTS (SELECT 1 FROM " + (key.ofPartitions() ? "" : "ONLY ")
                + SqlNames.quote(target.table()) + " AS t WHERE " + String.join(" AND ", same) + ")";
    }

    private static String into(TargetTable target) {
        // The alias is for a table that is itself called excluded.
        return "INSERT INTO " + SqlNames.quote(target.table())
                + (target.key().isPresent() ? " AS target" : "") + " (" + target.columnList() + ")"
                + (target.overridesIdentity() ? " OVERRIDING SYSTEM VALUE" : "");
    }

    private String insert() {
        List<String> aliases = rows.names();
        return " SELECT " + String.join(", ", rows.values()) + " FROM " + rows.arrays(parameter) + " AS u("
                + String.join(", ", aliases) + ")";
    }

    /** A query for the records to write: of those with one key the last. */
    private String lastOfEachKey(ConflictKey key) {
        List<String> aliases = rows.names();
        aliases.add("n");
        List<String> values = rows.values();
        List<String> selected = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        List<String> firsts = new ArrayList<>();
        for (int column = 0; column < values.size(); column++) {
            selected.add(values.get(column) + " AS c" + column);
            if (isUpdated(key, target.transfers().get(column).target())) {
                taken.add("f.c" + column);
            } else {
                taken.add("f.k" + column);
                firsts.add("pg_catalog.first_value(v.c" + column + ") OVER w AS k" + column);
            }
        }
        return "SELECT " + String.join(", ", taken)
                + " FROM (SELECT v.*, " + String.join(", ", firsts) + ", pg_catalog.lead(v.n) OVER w AS later"
                + " FROM (SELECT " + String.join(", ", selected) + ", u.n FROM " + rows.arrays(parameter)
                + " WITH ORDINALITY AS u("
                + String.join(", ", aliases) + ")) AS v WINDOW w AS (PARTITION BY " + partition(key)
                + " ORDER BY v.n)) AS f WHERE f.later IS NULL";
    }

    private String onConflict(ConflictKey key) {
        List<String> updates = updates(key);
        return " ON CONFLICT " + key.target()
                + (updates.isEmpty() ? " DO NOTHING" : " DO UPDATE SET " + String.join(", ", updates));
    }

    private List<String> updates(ConflictKey key) {
        List<String> updates = new ArrayList<>();
        for (ColumnTransfer transfer : target.transfers()) {
            if (isUpdated(key, transfer.target())) {
                String name = SqlNames.quote(transfer.target().name());
                updates.add(name + " = EXCLUDED." + name);
            }
        }
        return updates;
    }

    /** The server updates no column that is always generated as identity. */
    public static boolean isUpdated(ConflictKey key, PgColumn column) {
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
