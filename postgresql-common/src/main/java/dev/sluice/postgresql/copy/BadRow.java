package dev.sluice.postgresql.copy;

import dev.sluice.postgresql.SqlErrors;
import dev.sluice.postgresql.SqlNames;
import dev.sluice.spi.DirtyRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Tells of a table's row that cannot be read: which column it is, and what the others hold. */
final class BadRow {

    /** So many characters of a value are told. */
    static final int MOST_TOLD = 64 << 10;

    private static final List<String> NOT_IN_ENCODING = List.of("22021", "22P05");

    private final CarefulRead read;
    private final Savepoints savepoints;

    /** For each table the columns of its primary key, quoted. */
    private final Map<Long, List<String>> keys = new HashMap<>();

    BadRow(CarefulRead read) {
        this.read = read;
        this.savepoints = read.savepoints();
    }

    /** The record of this row. */
    DirtyRecord at(RowId row, SQLException failure) throws SQLException, InterruptedException {
        String condition = RowId.condition(List.of(row));
        Map<Integer, SQLException> failing = new LinkedHashMap<>();
        findFailing(all(), condition, failing);
        List<Integer> good =
                all().stream().filter(column -> !failing.containsKey(column)).toList();
        Map<Integer, String> texts = texts(good, condition);
        for (Map.Entry<Integer, SQLException> one : failing.entrySet()) {
            bytes(one.getKey(), one.getValue(), condition).ifPresent(text -> texts.put(one.getKey(), text));
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int column : all()) {
            if (texts.containsKey(column)) {
                values.put(read.schema().column(column).name(), texts.get(column));
            }
        }
        SQLException told =
                failing.isEmpty() ? failure : failing.values().iterator().next();
        return new DirtyRecord(
                0,
                values,
                SqlErrors.sqlState(told),
                SqlErrors.constraint(told),
                what(failing, condition) + " cannot be read: " + SqlErrors.message(told) + "; "
                        + place(row, condition));
    }

    private List<Integer> all() {
        return IntStream.range(0, read.schema().width()).boxed().toList();
    }

    private String what(Map<Integer, SQLException> failing, String condition)
            throws SQLException, InterruptedException {
        if (!failing.isEmpty()) {
            return "column "
                    + String.join(
                            ", ", failing.keySet().stream().map(read::called).toList());
        }
        List<String> conditions = new ArrayList<>(List.of(condition));
        conditions.addAll(read.task().conditions());
        return copies(List.of("1"), conditions).isPresent() ? "where" : "the row";
    }

    /** Halves the columns until those are found that fail by themselves. */
    private void findFailing(List<Integer> columns, String condition, Map<Integer, SQLException> failing)
            throws SQLException, InterruptedException {
        Optional<SQLException> failed =
                copies(columns.stream().map(read::expression).toList(), List.of(condition));
        if (failed.isEmpty()) {
            return;
        }
        if (columns.size() == 1) {
            failing.put(columns.get(0), failed.get());
            return;
        }
        findFailing(columns.subList(0, columns.size() / 2), condition, failing);
        findFailing(columns.subList(columns.size() / 2, columns.size()), condition, failing);
    }

    private Optional<SQLException> copies(List<String> expressions, List<String> conditions)
            throws SQLException, InterruptedException {
        return savepoints.attempt(() -> CopyRows.read(
                savepoints.session(),
                read.select(expressions, conditions),
                read.task().label(),
                (message, start) -> {}));
    }

    /** The texts of these columns; none when they cannot be had. */
    private Map<Integer, String> texts(List<Integer> columns, String condition)
            throws SQLException, InterruptedException {
        Map<Integer, String> texts = new HashMap<>();
        if (!columns.isEmpty()) {
            List<String> expressions = columns.stream()
                    .map(column -> text(read.task().items().get(column).asText()))
                    .toList();
            savepoints.attempt(() -> {
                List<String> row = savepoints
                        .query(read.select(expressions, List.of(condition)))
                        .get(0);
                for (int i = 0; i < columns.size(); i++) {
                    texts.put(columns.get(i), row.get(i));
                }
            });
        }
        return texts;
    }

    /** As much of the value as is told. */
    static String text(String expression) {
        return "pg_catalog.\"left\"((" + expression + ")::pg_catalog.text, " + MOST_TOLD + ")";
    }

    /** A text that cannot be converted, as the bytes that it has. */
    private Optional<String> bytes(int column, SQLException failure, String condition)
            throws SQLException, InterruptedException {
        List<String> found = new ArrayList<>();
        if (NOT_IN_ENCODING.contains(SqlErrors.sqlState(failure))) {
            String bytes = "pg_catalog.encode(pg_catalog.convert_to("
                    + text(read.task().items().get(column).asText())
                    + ", pg_catalog.getdatabaseencoding()), 'hex')";
            savepoints.attempt(() -> savepoints
                    .query(read.select(List.of(bytes), List.of(condition)))
                    .forEach(row -> found.add("\\x" + row.get(0))));
        }
        return found.stream().findFirst();
    }

    private String place(RowId row, String condition) throws SQLException, InterruptedException {
        StringBuilder place = new StringBuilder("row ")
                .append(row.place())
                .append(" of ")
                .append(read.task().label());
        List<String> key = key(row.table());
        if (!key.isEmpty()) {
            savepoints.attempt(() -> {
                List<String> values = savepoints
                        .query(read.select(key.stream().map(BadRow::text).toList(), List.of(condition)))
                        .get(0);
                for (int i = 0; i < key.size(); i++) {
                    place.append(", ")
                            .append(SqlNames.quotedName(key.get(i)).orElseThrow())
                            .append(" = ")
                            .append(values.get(i));
                }
            });
        }
        return place.toString();
    }

    private List<String> key(long table) throws SQLException {
        List<String> known = keys.get(table);
        if (known == null) {
            known = savepoints
                    .query("SELECT a.attname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a"
                            + " ON a.attrelid OPERATOR(pg_catalog.=) i.indrelid"
                            + " AND a.attnum OPERATOR(pg_catalog.=) ANY (i.indkey) WHERE i.indisprimary"
                            + " AND i.indrelid OPERATOR(pg_catalog.=) '" + table + "'::pg_catalog.oid"
                            + " ORDER BY a.attnum")
                    .stream()
                    .map(row -> SqlNames.quote(row.get(0)))
                    .toList();
            keys.put(table, known);
        }
        return known;
    }
}
