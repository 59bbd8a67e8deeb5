package dev.transvase.postgresql.split;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.transaction.RowErrors;
import dev.transvase.postgresql.transaction.Savepoints;
import dev.transvase.spi.table.Type.Scalar;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Ranges of an integer key with about as many rows each. The boundaries follow the keys that are there, in a random sample of
 * them when there are many, so that outliers, gaps and what the server's statistics say do not matter. Whatever the sample
 * missed, the first range has no lower end and the last no upper one, and NULL has a range of its own, so each row is in
 * exactly one.
 */
public final class KeyRanges {

    /** So many blocks are read of a table that has many more. */
    private static final int SAMPLED_BLOCKS = 2048;

    /**
     * With fewer blocks for each range a sample says too little: neighbouring keys are often in one block. A range that has
     * 20 blocks of the sample has more than 3 times as much of the table once in a billion.
     */
    private static final int BLOCKS_PER_RANGE = 20;

    /** A sample of more than one block in this many costs as much as looking at all keys. */
    private static final int SPARSE = 10;

    /** The number of keys that are looked at, more for many ranges. The server keeps this many in memory. */
    private static final int KEYS = 20_000;

    private static final int KEYS_PER_RANGE = 100;

    private final PostgresSession session;
    private final TableDescription table;
    private final TreePart part;
    private final PgColumn column;
    private final String key;
    private final String from;
    private final boolean conditional;
    private final String condition;

    /** @param task reads that part; while its rows are asked for their keys, the session is in a transaction */
    public KeyRanges(PostgresSession session, TableDescription table, TreePart part, ReadTask task, PgColumn column) {
        this(session, table, part, task.from(), task.conditions(), column);
    }

    private KeyRanges(
            PostgresSession session,
            TableDescription table,
            TreePart part,
            String from,
            List<String> conditions,
            PgColumn column) {
        this.session = session;
        this.table = table;
        this.part = part;
        this.column = column;
        this.key = SqlNames.quote(column.name());
        this.from = from;
        this.conditional = !conditions.isEmpty();
        StringBuilder all = new StringBuilder(" WHERE ").append(key).append(" IS NOT NULL");
        conditions.forEach(c -> all.append(" AND ").append(c));
        this.condition = all.toString();
    }

    public static boolean usable(PgColumn column) {
        return PgTypes.spiType(column.type()) instanceof Scalar type
                && (type == Scalar.INT16 || type == Scalar.INT32 || type == Scalar.INT64);
    }

    /** One condition for each range; none when the keys do not make two. */
    public List<String> conditions(int parts) throws SQLException {
        List<Long> boundaries = parts == 1 ? List.of() : conditional ? boundariesIfPossible(parts) : boundaries(parts);
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

    /** Of all rows of the table when a condition fails for one of them: that is reported when it is read. */
    private List<Long> boundariesIfPossible(int parts) throws SQLException {
        Savepoints savepoints = new Savepoints(session);
        savepoints.execute("SAVEPOINT transvase_keys");
        try {
            List<Long> boundaries = boundaries(parts);
            savepoints.execute("RELEASE SAVEPOINT transvase_keys");
            return boundaries;
        } catch (SQLException e) {
            if (!RowErrors.isOfRow(e)) {
                throw e;
            }
            savepoints.execute("ROLLBACK TO SAVEPOINT transvase_keys;\nRELEASE SAVEPOINT transvase_keys");
            return new KeyRanges(session, table, part, from, List.of(), column).boundaries(parts);
        }
    }

    /** The last key of each range but the last one, ascending. */
    private List<Long> boundaries(int parts) throws SQLException {
        TableBlocks blocks = TableBlocks.of(session, table, part);
        long needed = (long) BLOCKS_PER_RANGE * parts;
        long sampled = Math.max(SAMPLED_BLOCKS, needed);
        long atMost = blocks.plain() ? blocks.total() / 2 : 0;
        while (sampled <= atMost) {
            Sample sample = sample(parts, sampled, blocks);
            if (sample.blocks() >= needed) {
                return sample.keys().boundaries(parts);
            }
            // Many blocks have no such row. So much more would do, as long as that is only a part of the table.
            sampled = sampled * needed / Math.max(1, sample.blocks()) * 2;
            atMost = blocks.total() / SPARSE;
        }
        return allKeys(parts).boundaries(parts);
    }

    /**
     * Keys of some blocks.
     *
     * @param blocks how many blocks had one
     */
    private record Sample(KeyHistogram keys, long blocks) {}

    private Sample sample(int parts, long sampled, TableBlocks blocks) throws SQLException {
        double percent = 100.0 * sampled / blocks.total();
        // Repeatable: planned again on unchanged data, the blocks are the same.
        String some = from + " TABLESAMPLE SYSTEM (" + percent + ") REPEATABLE (1)";
        return blocks.positions()
                ? read(
                        parts,
                        some,
                        ", tableoid AS part, ctid AS place",
                        "(part, (place::pg_catalog.text::pg_catalog.point)[0])")
                : read(parts, some, "", "k");
    }

    private KeyHistogram allKeys(int parts) throws SQLException {
        return read(parts, from, "", "true").keys();
    }

    /** A sort by chance that ends early: the server's estimates, which may be far off, have no part in it. */
    private Sample read(int parts, String fromWhat, String alsoSelected, String block) throws SQLException {
        long most = Math.max(KEYS, (long) KEYS_PER_RANGE * parts);
        String sql = "WITH s AS (SELECT " + key + " AS k" + alsoSelected + " FROM " + fromWhat + condition
                + " ORDER BY pg_catalog.random() LIMIT " + most + ") SELECT k::pg_catalog.int8, pg_catalog.count(*),"
                + " (SELECT pg_catalog.count(DISTINCT " + block + ") FROM s) FROM s GROUP BY k ORDER BY 1";
        List<Long> keys = new ArrayList<>();
        List<Long> rows = new ArrayList<>();
        long blocks = 0;
        try (Statement statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    keys.add(row.getLong(1));
                    rows.add(row.getLong(2));
                    blocks = row.getLong(3);
                }
            }
        }
        return new Sample(KeyHistogram.of(keys, rows), blocks);
    }

    /**
     * NOT NULL is a promise only when all that is below the table makes it too: children and foreign tables may break it,
     * and from PostgreSQL 18 on so may rows that are older than a constraint that is not validated.
     */
    private boolean mayBeNull() throws SQLException {
        if (!column.notNull()) {
            return true;
        }
        String sql = part.tree(table)
                + " SELECT EXISTS (SELECT FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid"
                + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = "
                + SqlNames.literal(column.name())
                + " WHERE NOT a.attnotnull OR c.relkind NOT IN ('r', 'p') OR EXISTS (SELECT FROM"
                + " pg_catalog.pg_constraint k"
                + " WHERE k.conrelid = c.oid AND k.conkey = ARRAY[a.attnum] AND k.contype = 'n' AND NOT k.convalidated))";
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
