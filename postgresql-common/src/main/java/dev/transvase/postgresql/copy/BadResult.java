package dev.transvase.postgresql.copy;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.transaction.Savepoints;
import dev.transvase.spi.error.DirtyRecord;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Tells of a row of a query that cannot be read, and how to leave it out. Rows are counted from 0. */
final class BadResult {

    private static final String CURSOR = "transvase_part";

    /** So many rows are left out one by one; the query is run again for each. */
    private static final int MOST_LEFT_OUT = 100;

    private final CarefulRead read;
    private final Savepoints savepoints;

    /** What leaves out the rows that cannot be computed. */
    private final List<String> conditions;

    BadResult(CarefulRead read) {
        this.read = read;
        this.savepoints = read.savepoints();
        this.conditions = new ArrayList<>(read.task().conditions());
    }

    /** How many rows have been left out. */
    int leftOut() {
        return conditions.size() - read.task().conditions().size();
    }

    /** What the rows that can be computed meet, as far as that is known. */
    List<String> conditions() {
        return conditions;
    }

    /** The statement for all rows that can be computed, as far as that is known. */
    String selectAll() {
        return read.select(all().stream().map(read::expression).toList(), conditions);
    }

    private List<Integer> all() {
        return IntStream.range(0, read.schema().width()).boxed().toList();
    }

    /** A row that can be computed, but not sent: of one of its texts the encoding is wrong, for example. */
    DirtyRecord unsendable(long row, SQLException failure) throws SQLException, InterruptedException {
        List<String> hex = all().stream()
                .map(column -> "pg_catalog.encode(pg_catalog.convert_to(" + text(column)
                        + ", pg_catalog.getdatabaseencoding()), 'hex')")
                .toList();
        List<String> bytes = at(row, hex);
        Map<String, String> values = new LinkedHashMap<>();
        List<String> failing = new ArrayList<>();
        for (int column = 0; column < bytes.size(); column++) {
            String found = bytes.get(column);
            Optional<String> text = found == null ? Optional.empty() : decoded(found);
            if (found != null && text.isEmpty()) {
                failing.add(read.called(column));
            }
            values.put(read.schema().column(column).name(), found == null ? null : text.orElse("\\x" + found));
        }
        // Without any of them it is perhaps another row, of a cursor with another order.
        return failing.isEmpty()
                ? record(row, Map.of(), "the row", failure)
                : record(row, values, "column " + String.join(", ", failing), failure);
    }

    /** As UTF-8; empty when the database's encoding does not allow for that. */
    private Optional<String> decoded(String hex) throws SQLException, InterruptedException {
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (IntStream.range(0, bytes.length).allMatch(i -> bytes[i] > 0)) {
            return Optional.of(new String(bytes, StandardCharsets.US_ASCII));
        }
        List<String> text = new ArrayList<>();
        savepoints.attempt(() -> text.addAll(savepoints
                .query("SELECT pg_catalog.convert_from(pg_catalog.decode('" + hex
                        + "', 'hex'), pg_catalog.getdatabaseencoding())")
                .get(0)));
        return text.stream().findFirst();
    }

    /**
     * A row that cannot be computed. From now on it is left out.
     *
     * @throws dev.transvase.spi.error.TransvaseException when it cannot be distinguished from others
     */
    DirtyRecord leaveOut(long row, SQLException failure) throws SQLException, InterruptedException {
        if (leftOut() == MOST_LEFT_OUT) {
            throw read.notReadable("it is row " + number(row) + " of the result, after " + MOST_LEFT_OUT
                    + " others that cannot be computed. Each of them takes several more runs of the query, unless"
                    + " its other columns identify each row. Fix the data or the query, for example with CASE, or"
                    + " add a key to its"
                    + " columns");
        }
        List<Integer> failing = new ArrayList<>();
        findFailing(all(), row, failing);
        List<Integer> good =
                all().stream().filter(column -> !failing.contains(column)).toList();
        String where = "it is row " + number(row) + (failing.isEmpty() ? "" : ", column " + called(failing));
        if (failing.isEmpty() || good.isEmpty()) {
            throw read.notReadable(
                    where + " of the result, and it cannot be skipped, because no other column identifies it. Fix"
                            + " the data or the query, for example with CASE, or add a key to its columns");
        }
        List<String> texts = at(row, good.stream().map(this::text).toList());
        if (texts.isEmpty()) {
            throw read.notReadable(where + " of the result. Fix the data or the query, for example with CASE");
        }
        Map<String, String> values = new LinkedHashMap<>();
        List<String> match = new ArrayList<>();
        for (int i = 0; i < good.size(); i++) {
            values.put(read.schema().column(good.get(i)).name(), texts.get(i));
            match.add(text(good.get(i)) + " IS NOT DISTINCT FROM "
                    + (texts.get(i) == null ? "NULL" : SqlNames.literal(texts.get(i)) + "::pg_catalog.text"));
        }
        requireAlone(match, failing, where, values);
        DirtyRecord record = record(row, values, "column " + called(failing), failure);
        conditions.add("NOT (" + String.join(" AND ", match) + ')');
        return record;
    }

    private String called(List<Integer> columns) {
        return columns.stream().map(read::called).collect(Collectors.joining(", "));
    }

    /** Halves the columns until those are found that fail by themselves. */
    private void findFailing(List<Integer> columns, long row, List<Integer> failing)
            throws SQLException, InterruptedException {
        List<String> expressions = columns.stream().map(read::expression).toList();
        boolean good = savepoints
                .attempt(() -> savepoints.execute("DECLARE " + CURSOR + " NO SCROLL CURSOR FOR "
                        + read.select(expressions, conditions) + ";\nMOVE FORWARD " + (row + 1) + " FROM " + CURSOR
                        + ";\nCLOSE " + CURSOR))
                .isEmpty();
        if (good) {
            return;
        }
        if (columns.size() == 1) {
            failing.add(columns.get(0));
            return;
        }
        findFailing(columns.subList(0, columns.size() / 2), row, failing);
        findFailing(columns.subList(columns.size() / 2, columns.size()), row, failing);
    }

    /** Exactly one row must be what was found, and must be the one that fails. */
    private void requireAlone(List<String> match, List<Integer> failing, String where, Map<String, String> values)
            throws SQLException, InterruptedException {
        List<String> found = new ArrayList<>(conditions);
        found.addAll(match);
        List<String> count = new ArrayList<>();
        savepoints.attempt(() -> count.addAll(savepoints
                .query(read.select(List.of("pg_catalog.count(*)"), found))
                .get(0)));
        boolean fails = fails(failing, found);
        found.add("NOT (" + String.join(" AND ", match) + ')');
        if (fails(failing, found)) {
            // Of no row at all: the server computes it before it looks at conditions.
            throw read.notReadable(where + " of the result, where the other columns are " + values
                    + ", and it cannot be skipped, because the server computes it for all rows first. Fix the data"
                    + " or the query, for example with CASE");
        }
        if (!fails || !count.equals(List.of("1"))) {
            throw read.notReadable(where + " of the result, where the other columns are " + values
                    + ", and these do not identify it. Fix the data or the query, for example with CASE, or add a"
                    + " key to its columns");
        }
    }

    private boolean fails(List<Integer> columns, List<String> where) throws SQLException, InterruptedException {
        List<String> expressions = columns.stream().map(read::expression).toList();
        return savepoints
                .attempt(() -> savepoints.execute("DECLARE " + CURSOR + " NO SCROLL CURSOR FOR "
                        + read.select(expressions, where) + ";\nMOVE ALL FROM " + CURSOR + ";\nCLOSE " + CURSOR))
                .isPresent();
    }

    /** What this row has in these; empty when it cannot be had. */
    private List<String> at(long row, List<String> expressions) throws SQLException, InterruptedException {
        List<String> texts = new ArrayList<>();
        savepoints.attempt(() -> {
            savepoints.execute("DECLARE " + CURSOR + " NO SCROLL CURSOR FOR " + read.select(expressions, conditions)
                    + ";\nMOVE FORWARD " + row + " FROM " + CURSOR);
            savepoints.query("FETCH 1 FROM " + CURSOR).forEach(texts::addAll);
            savepoints.execute("CLOSE " + CURSOR);
        });
        return texts;
    }

    /** As people count, with the rows that were left out. */
    private long number(long row) {
        return row + 1 + leftOut();
    }

    private String text(int column) {
        return BadRow.text(read.task().items().get(column).asText());
    }

    private DirtyRecord record(long row, Map<String, String> values, String what, SQLException failure) {
        return DirtyRecord.of(
                0,
                values,
                SqlErrors.sqlState(failure),
                SqlErrors.constraint(failure),
                what + " cannot be read: " + SqlErrors.message(failure) + "; row " + number(row) + " of "
                        + read.task().label());
    }
}
