package dev.transvase.postgresql.copy;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.transaction.Savepoints;
import dev.transvase.spi.error.DirtyRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reports a row that cannot be read but can be identified: the failing column, and the values of the others. */
final class BadRow {

    /** The number of characters shown of a value. */
    static final int MOST_SHOWN = 64 << 10;

    private static final List<String> NOT_IN_ENCODING = List.of("22021", "22P05");

    private final CarefulRead read;
    private final Savepoints savepoints;

    /** The columns of the row before that could not be read: it is mostly these again. */
    private List<Integer> usual = List.of();

    /**
     * What gives one row alone.
     *
     * @param from what follows FROM
     * @param condition what only this row meets
     */
    record Single(String from, String condition) {}

    BadRow(CarefulRead read) {
        this.read = read;
        this.savepoints = read.savepoints();
    }

    /**
     * The record of this row.
     *
     * @param place where it is, for people
     */
    DirtyRecord at(Single row, String place, SQLException failure) throws SQLException, InterruptedException {
        Map<Integer, SQLException> failing = new LinkedHashMap<>();
        findFailing(columnsToTry(row), row, failing);
        usual = List.copyOf(failing.keySet());
        List<Integer> good =
                all().stream().filter(column -> !failing.containsKey(column)).toList();
        Map<Integer, String> texts = texts(good, row);
        for (Map.Entry<Integer, SQLException> one : failing.entrySet()) {
            bytes(one.getKey(), one.getValue(), row).ifPresent(text -> texts.put(one.getKey(), text));
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int column : all()) {
            if (texts.containsKey(column)) {
                values.put(read.schema().column(column).name(), texts.get(column));
            }
        }
        SQLException reported =
                failing.isEmpty() ? failure : failing.values().iterator().next();
        return DirtyRecord.of(
                0,
                values,
                SqlErrors.sqlState(reported),
                SqlErrors.constraint(reported),
                what(failing, row) + " cannot be read: " + SqlErrors.message(reported) + "; " + place);
    }

    private List<Integer> all() {
        return IntStream.range(0, read.schema().width()).boxed().toList();
    }

    private String what(Map<Integer, SQLException> failing, Single row) throws SQLException, InterruptedException {
        if (!failing.isEmpty()) {
            return "column "
                    + String.join(
                            ", ", failing.keySet().stream().map(read::called).toList());
        }
        List<String> conditions = new ArrayList<>(List.of(row.condition()));
        conditions.addAll(read.task().conditions());
        return copies(List.of("1"), row.from(), conditions).isPresent() ? "where" : "the row";
    }

    private List<Integer> columnsToTry(Single row) throws SQLException, InterruptedException {
        List<String> others = all().stream()
                .filter(column -> !usual.contains(column))
                .map(read::expression)
                .toList();
        boolean othersAreGood = !usual.isEmpty()
                && (others.isEmpty()
                        || copies(others, row.from(), List.of(row.condition())).isEmpty());
        return othersAreGood ? usual : all();
    }

    /** Halves the columns until those are found that fail by themselves. */
    private void findFailing(List<Integer> columns, Single row, Map<Integer, SQLException> failing)
            throws SQLException, InterruptedException {
        Optional<SQLException> failed =
                copies(columns.stream().map(read::expression).toList(), row.from(), List.of(row.condition()));
        if (failed.isEmpty()) {
            return;
        }
        if (columns.size() == 1) {
            failing.put(columns.get(0), failed.get());
            return;
        }
        findFailing(columns.subList(0, columns.size() / 2), row, failing);
        findFailing(columns.subList(columns.size() / 2, columns.size()), row, failing);
    }

    private Optional<SQLException> copies(List<String> expressions, String from, List<String> conditions)
            throws SQLException, InterruptedException {
        return savepoints.attempt(() -> CopyRows.read(
                savepoints.session(),
                read.select(expressions, from, conditions),
                read.task().label(),
                (message, start) -> {}));
    }

    /** The texts of these columns; none when they cannot be had. */
    private Map<Integer, String> texts(List<Integer> columns, Single row) throws SQLException, InterruptedException {
        Map<Integer, String> texts = new HashMap<>();
        if (!columns.isEmpty()) {
            List<String> expressions = columns.stream()
                    .map(column -> text(read.task().items().get(column).asText()))
                    .toList();
            savepoints.attempt(() -> {
                List<String> found = savepoints
                        .query(read.select(expressions, row.from(), List.of(row.condition())))
                        .get(0);
                for (int i = 0; i < columns.size(); i++) {
                    texts.put(columns.get(i), found.get(i));
                }
            });
        }
        return texts;
    }

    /** The part of the value that is shown. */
    static String text(String expression) {
        return "pg_catalog.\"left\"((" + expression + ")::pg_catalog.text, " + MOST_SHOWN + ")";
    }

    /** A text that cannot be converted, as the bytes that it has. */
    private Optional<String> bytes(int column, SQLException failure, Single row)
            throws SQLException, InterruptedException {
        List<String> found = new ArrayList<>();
        if (NOT_IN_ENCODING.contains(SqlErrors.sqlState(failure))) {
            String bytes = "pg_catalog.encode(pg_catalog.convert_to("
                    + text(read.task().items().get(column).asText())
                    + ", pg_catalog.getdatabaseencoding()), 'hex')";
            savepoints.attempt(() -> savepoints
                    .query(read.select(List.of(bytes), row.from(), List.of(row.condition())))
                    .forEach(one -> found.add("\\x" + one.get(0))));
        }
        return found.stream().findFirst();
    }
}
