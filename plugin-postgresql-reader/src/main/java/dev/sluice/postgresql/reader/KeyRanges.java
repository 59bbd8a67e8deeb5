package dev.sluice.postgresql.reader;

import dev.sluice.postgresql.PgColumn;
import dev.sluice.postgresql.PgTypes;
import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.SqlNames;
import dev.sluice.postgresql.TableDescription;
import dev.sluice.spi.Type.Scalar;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ranges of an integer key with about as many rows each. The boundaries are quantiles of the keys that are there, of a
 * sample when there are many, so that outliers and gaps do not matter. Whatever the sample missed, the first range has no
 * lower end and the last no upper one, and NULL has a range of its own, so each row is in exactly one.
 */
final class KeyRanges {

    /** Tables of more blocks than this are sampled block by block; so many blocks are read then. */
    private static final int SAMPLED_BLOCKS = 2048;

    /** About so many keys are sorted at most. */
    private static final long SORTED_KEYS = 500_000;

    /** With fewer keys for each range a sample says too little. */
    private static final int KEYS_PER_RANGE = 30;

    private static final Pattern PLANNED_ROWS = Pattern.compile("\"Plan Rows\": (\\d+)");

    private final PostgresSession session;
    private final TableDescription table;
    private final PgColumn column;
    private final String key;
    private final String from;
    private final String condition;

    KeyRanges(PostgresSession session, TableDescription table, ReadTask task, PgColumn column) {
        this.session = session;
        this.table = table;
        this.column = column;
        this.key = SqlNames.quote(column.name());
        this.from = task.from();
        StringBuilder all = new StringBuilder(" WHERE ").append(key).append(" IS NOT NULL");
        task.conditions().forEach(c -> all.append(" AND ").append(c));
        this.condition = all.toString();
    }

    static boolean usable(PgColumn column) {
        return PgTypes.spiType(column.type()) instanceof Scalar type
                && (type == Scalar.INT16 || type == Scalar.INT32 || type == Scalar.INT64);
    }

    /** One condition for each range; none when the keys do not make two. */
    List<String> conditions(int parts) throws SQLException {
        List<Long> boundaries = parts == 1 ? List.of() : boundaries(parts);
        if (boundaries.isEmpty()) {
            return List.of();
        }
        List<String> conditions = new ArrayList<>();
        String above = "";
        for (long boundary : boundaries) {
            conditions.add('(' + above + key + " <= " + literal(boundary) + ')');
            above = key + " > " + literal(boundary) + " AND ";
        }
        conditions.add('(' + key + " > " + literal(boundaries.get(boundaries.size() - 1)) + ')');
        if (mayBeNull()) {
            conditions.add('(' + key + " IS NULL)");
        }
        return conditions;
    }

    /** In quotes: the least bigint is no literal otherwise. */
    private static String literal(long value) {
        return "'" + value + "'::pg_catalog.int8";
    }

    /** The last key of each range but the last one, ascending. */
    private List<Long> boundaries(int parts) throws SQLException {
        Optional<List<Long>> quantiles = Optional.empty();
        TableBlocks blocks = TableBlocks.of(session, table);
        if (blocks.sampleable() && blocks.total() > SAMPLED_BLOCKS) {
            double percent = 100.0 * SAMPLED_BLOCKS / blocks.total();
            // Repeatable: planned again on unchanged data, the splits are the same.
            quantiles =
                    quantiles(parts, from + " TABLESAMPLE SYSTEM (" + percent + ") REPEATABLE (1)", condition, true);
        }
        if (quantiles.isEmpty()) {
            long rows = plannedRows();
            String thinned = rows <= SORTED_KEYS
                    ? condition
                    : condition + " AND pg_catalog.random() < " + (double) SORTED_KEYS / rows;
            quantiles = quantiles(parts, from, thinned, false);
        }
        return quantiles.map(KeyRanges::inner).orElse(List.of());
    }

    /** Without the greatest key: what is above the last boundary must not be empty. */
    private static List<Long> inner(List<Long> quantiles) {
        TreeSet<Long> distinct = new TreeSet<>(quantiles);
        distinct.pollLast();
        return List.copyOf(distinct);
    }

    /** Empty when there are no keys, or too few of them for a sample. */
    private Optional<List<Long>> quantiles(int parts, String fromWhat, String where, boolean sample)
            throws SQLException {
        StringBuilder fractions = new StringBuilder();
        for (int i = 1; i <= parts; i++) {
            fractions.append(i == 1 ? "" : ",").append((double) i / parts);
        }
        String sql = "SELECT count(*), percentile_disc(ARRAY[" + fractions
                + "]::float8[]) WITHIN GROUP (ORDER BY k::pg_catalog.int8) FROM (SELECT " + key + " AS k FROM "
                + fromWhat + where + ") s";
        try (Statement statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                long rows = row.getLong(1);
                if (rows == 0 || (sample && rows < (long) KEYS_PER_RANGE * parts)) {
                    return Optional.empty();
                }
                return Optional.of(List.of((Long[]) row.getArray(2).getArray()));
            }
        }
    }

    /** How many keys the server expects to find. */
    private long plannedRows() throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row =
                    statement.executeQuery("EXPLAIN (FORMAT JSON) SELECT " + key + " FROM " + from + condition)) {
                row.next();
                Matcher rows = PLANNED_ROWS.matcher(row.getString(1));
                return rows.find() ? Long.parseLong(rows.group(1)) : 0;
            }
        }
    }

    /**
     * NOT NULL is a promise only of a table that stands alone: children and foreign tables may break it, and from
     * PostgreSQL 18 on so may rows that are older than a constraint that is not validated.
     */
    private boolean mayBeNull() throws SQLException {
        if (!column.notNull() || table.relkind() != 'r' || table.hasChildren()) {
            return true;
        }
        String sql = "SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_attribute a"
                + " ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum] WHERE k.contype = 'n'"
                + " AND NOT k.convalidated AND k.conrelid = " + Integer.toUnsignedString(table.oid())
                + " AND a.attname = " + SqlNames.literal(column.name()) + ')';
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
