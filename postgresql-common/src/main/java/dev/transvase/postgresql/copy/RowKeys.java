package dev.transvase.postgresql.copy;

import dev.transvase.postgresql.copy.BadRow.Single;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What tells the rows of a query from each other: a hash of what they have in the columns that can be computed for all of them.
 * It is only used when no two rows have the same.
 */
final class RowKeys {

    private static final int SEEDED_HASHES_FROM = 11;

    /** Types whose columns may have an index that finds the rows faster, with the names that casts need. */
    private static final Map<Integer, String> INDEXED =
            Map.of(21, "pg_catalog.int2", 23, "pg_catalog.int4", 20, "pg_catalog.int8", 2950, "pg_catalog.uuid");

    private static final int MOST_INDEXED = 4;
    private static final String CURSOR = "transvase_part";

    private final CarefulRead read;
    private final List<String> conditions;
    private final String hash;

    /** The columns of {@link #INDEXED} types. */
    private final List<Integer> indexed;

    /**
     * A row.
     *
     * @param number in the order that the keys come in, from 0
     * @param hash which no other row has
     * @param indexed what it has in the columns that may be indexed, null for NULL
     */
    record RowKey(long number, long hash, List<String> indexed) {}

    private RowKeys(CarefulRead read, List<String> conditions, List<Integer> computable) {
        this.read = read;
        this.conditions = conditions;
        this.hash = hash(read, computable);
        this.indexed = computable.stream()
                .filter(column ->
                        INDEXED.containsKey(read.task().items().get(column).typeOid()))
                .limit(MOST_INDEXED)
                .toList();
    }

    /** The keys; empty when the columns that can be computed for all rows do not distinguish them. */
    static Optional<RowKeys> of(CarefulRead read, List<String> conditions) throws SQLException, InterruptedException {
        List<Integer> computable = new ArrayList<>();
        findComputable(
                read,
                conditions,
                IntStream.range(0, read.schema().width()).boxed().toList(),
                computable);
        if (computable.isEmpty()) {
            return Optional.empty();
        }
        RowKeys keys = new RowKeys(read, List.copyOf(conditions), computable);
        List<String> counts = new ArrayList<>();
        read.savepoints()
                .attempt(() -> counts.addAll(read.savepoints()
                        .query(read.select(
                                List.of("pg_catalog.count(*)", "pg_catalog.count(DISTINCT " + keys.hash + ')'),
                                conditions))
                        .get(0)));
        boolean different = counts.size() == 2 && counts.get(0).equals(counts.get(1));
        return different && keys.leaveOutOthers() ? Optional.of(keys) : Optional.empty();
    }

    /** Whether rows of other keys are not even computed, as they are beneath a window function, a DISTINCT or a LIMIT. */
    private boolean leaveOutOthers() throws SQLException, InterruptedException {
        List<String> all = IntStream.range(0, read.schema().width())
                .mapToObj(read::expression)
                .toList();
        List<String> none = new ArrayList<>(conditions);
        none.add(hashedAs(""));
        return read.savepoints()
                .attempt(() -> CopyRows.read(
                        read.savepoints().session(),
                        read.select(all, none),
                        read.task().label(),
                        (message, start) -> {}))
                .isEmpty();
    }

    /** @param hashes separated by commas */
    private String hashedAs(String hashes) {
        // IS TRUE keeps it a condition that each row is looked up with, and no join.
        return '(' + hash + " IN (SELECT pg_catalog.unnest('{" + hashes + "}'::pg_catalog.int8[]))) IS TRUE";
    }

    /** Halves the columns until those are found that the server can compute for all rows. */
    private static void findComputable(
            CarefulRead read, List<String> conditions, List<Integer> columns, List<Integer> computable)
            throws SQLException, InterruptedException {
        List<String> texts = columns.stream().map(column -> text(read, column)).toList();
        boolean good = read.savepoints()
                .attempt(() -> read.savepoints()
                        .execute("DECLARE " + CURSOR + " NO SCROLL CURSOR FOR " + read.select(texts, conditions)
                                + ";\nMOVE ALL FROM " + CURSOR + ";\nCLOSE " + CURSOR))
                .isEmpty();
        if (good) {
            computable.addAll(columns);
        } else if (columns.size() > 1) {
            int half = columns.size() / 2;
            findComputable(read, conditions, columns.subList(0, half), computable);
            findComputable(read, conditions, columns.subList(half, columns.size()), computable);
        }
    }

    private static String text(CarefulRead read, int column) {
        return BadRow.text(read.task().items().get(column).asText());
    }

    private static String hash(CarefulRead read, List<Integer> columns) {
        String row = columns.stream()
                .map(column -> text(read, column))
                .collect(Collectors.joining(", ", "pg_catalog.textin(pg_catalog.record_out(ROW(", ")))"));
        return read.savepoints().session().majorVersion() >= SEEDED_HASHES_FROM
                ? "pg_catalog.hashtextextended(" + row + ", 0)"
                : "('x' OPERATOR(pg_catalog.||) pg_catalog.\"left\"(pg_catalog.md5(" + row
                        + "), 16))::pg_catalog.\"bit\"(64)::pg_catalog.int8";
    }

    /** The expression that gives a row's hash. */
    String hash() {
        return hash;
    }

    /** The statement that gives all keys. */
    String select() {
        List<String> expressions = new ArrayList<>(List.of(hash));
        indexed.forEach(column -> expressions.add('(' + expression(column) + ")::pg_catalog.text"));
        return read.select(expressions, conditions);
    }

    private String expression(int column) {
        return read.task().items().get(column).expression();
    }

    static RowKey key(long number, List<String> row) {
        return new RowKey(number, Long.parseLong(row.get(0)), row.subList(1, row.size()));
    }

    Single single(RowKey row) {
        return new Single(read.task().from(), String.join(" AND ", conditions(List.of(row))));
    }

    /** What only these rows meet. */
    List<String> conditions(List<RowKey> rows) {
        List<String> all = new ArrayList<>(conditions);
        all.add(hashedAs(rows.stream().map(row -> Long.toString(row.hash())).collect(Collectors.joining(","))));
        for (int i = 0; i < indexed.size(); i++) {
            int column = i;
            if (rows.stream().allMatch(row -> row.indexed().get(column) != null)) {
                all.add(rows.stream()
                        .map(row -> row.indexed().get(column))
                        .distinct()
                        .collect(Collectors.joining(
                                ",",
                                '(' + expression(indexed.get(i)) + ") OPERATOR(pg_catalog.=) ANY ('{",
                                "}'::"
                                        + INDEXED.get(read.task()
                                                .items()
                                                .get(indexed.get(i))
                                                .typeOid()) + "[])")));
            }
        }
        return all;
    }
}
