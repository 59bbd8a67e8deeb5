package dev.transvase.postgresql.cdc.source;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.source.SourceFacts.Partition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tells which partitions were attached with rows, and which were attached again. Blocks on the server. */
final class AttachedPartitions {

    /**
     * Whether a table was made by a transaction, in which step, and in which steps before another one that made or changed entries of
     * it, its indexes, its TOAST table and what they depend on. The entry of a system column stays as it was made.
     */
    private static final String MAKING = "WITH own AS (SELECT c.oid, c.reltoastrelid FROM pg_catalog.pg_class c"
            + " WHERE c.oid = $oid), parts AS (SELECT oid FROM own UNION ALL SELECT reltoastrelid FROM own"
            + " UNION ALL SELECT i.indexrelid FROM pg_catalog.pg_index i JOIN own ON i.indrelid = own.oid"
            + " OR i.indrelid = own.reltoastrelid), entries AS ("
            + "SELECT e.xmin AS by, e.cmin AS at FROM pg_catalog.pg_class e JOIN parts p ON e.oid = p.oid"
            + " UNION ALL SELECT e.xmin, e.cmin FROM pg_catalog.pg_attribute e JOIN parts p ON e.attrelid = p.oid"
            + " UNION ALL SELECT e.xmin, e.cmin FROM pg_catalog.pg_index e JOIN parts p ON e.indexrelid = p.oid"
            + " UNION ALL SELECT e.xmin, e.cmin FROM pg_catalog.pg_constraint e JOIN own p ON e.conrelid = p.oid"
            + " UNION ALL SELECT e.xmin, e.cmin FROM pg_catalog.pg_attrdef e JOIN own p ON e.adrelid = p.oid"
            + " UNION ALL SELECT e.xmin, e.cmin FROM pg_catalog.pg_depend e JOIN parts p ON e.objid = p.oid"
            + " WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
            + " UNION ALL SELECT e.xmin, e.cmin FROM pg_catalog.pg_depend e JOIN parts p ON e.refobjid = p.oid"
            + " WHERE e.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass),"
            + " steps AS (SELECT DISTINCT at::pg_catalog.text::pg_catalog.int8 AS step FROM entries"
            + " WHERE by::pg_catalog.text::pg_catalog.int8 = $xid)"
            + " SELECT a.xmin::pg_catalog.text::pg_catalog.int8 = $xid, a.cmin::pg_catalog.text::pg_catalog.int8,"
            + " (SELECT COALESCE(pg_catalog.string_agg(step::pg_catalog.text, ', '), '') FROM steps WHERE step < $step)"
            + " FROM pg_catalog.pg_attribute a WHERE a.attrelid = $oid AND a.attnum = -1";

    private final PostgresSession session;
    private final PartitionRows rows;
    private final Map<Integer, Partition> was;
    private final Map<Integer, Partition> is;

    /**
     * @param was all below a table at an earlier look, by their OIDs
     * @param is now
     */
    AttachedPartitions(
            PostgresSession session, PartitionRows rows, Map<Integer, Partition> was, Map<Integer, Partition> is) {
        this.session = session;
        this.rows = rows;
        this.was = was;
        this.is = is;
    }

    /**
     * Whether a partition has rows, as far as is known, that it had before it became part of the tree. Whatever made it that must
     * have found it empty: then all its rows are in the stream.
     */
    boolean filled(int oid) throws SQLException {
        if (was.containsKey(oid)) {
            return false;
        }
        List<String> before = new ArrayList<>();
        for (int at = oid; is.containsKey(at); at = is.get(at).parent()) {
            Partition edge = is.get(at);
            Partition known = was.get(at);
            boolean old = known != null && known.attachedBy() == edge.attachedBy();
            if (!old && !edge.born()) {
                before.add(insertedBefore(at, edge));
            }
        }
        return !before.isEmpty() && rows.holds(oid, String.join(" OR ", before), true);
    }

    /** Whether a partition, or one that it is part of, was there before the transaction that made it one. */
    boolean mayHaveBeenBefore(int oid) throws SQLException {
        for (int at = oid; is.containsKey(at); at = is.get(at).parent()) {
            if (!is.get(at).born() && making(at, is.get(at)).before()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a partition of the earlier look was none in between, whatever became of its rows then. */
    boolean again(int oid) {
        if (!was.containsKey(oid)) {
            return false;
        }
        for (int at = oid; is.containsKey(at); at = is.get(at).parent()) {
            if (was.containsKey(at) && was.get(at).attachedBy() != is.get(at).attachedBy()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Rows that a partition had before it was attached: of transactions that came before, unless it was made in the same one, and of
     * that one before that step. Transactions within that one have later numbers, as others have too, but their steps are counted
     * along; a step that made a part of the table wrote no row.
     */
    private String insertedBefore(int oid, Partition edge) throws SQLException {
        Making made = making(oid, edge);
        List<String> conditions = new ArrayList<>();
        String within = PartitionRows.WRITTEN_AT + " < " + edge.attachedAt();
        conditions.add(PartitionRows.WRITTEN_BY + " = " + edge.attachedBy() + " AND " + within);
        String preceding = PartitionRows.precedes((int) edge.attachedBy());
        if (made.before()) {
            conditions.add(preceding);
        }
        List<String> other = new ArrayList<>(List.of("NOT " + preceding, within));
        if (!made.steps().isEmpty()) {
            other.add(PartitionRows.WRITTEN_AT + " NOT IN (" + made.steps() + ')');
        }
        if (!made.before()) {
            other.add(PartitionRows.WRITTEN_AT + " > " + made.first());
        }
        conditions.add(String.join(" AND ", other));
        return '(' + String.join(" OR ", conditions) + ')';
    }

    /**
     * How a table came to be one that could be attached.
     *
     * @param before whether it was there before the transaction that attached it
     * @param first the step that made it, if it was that transaction
     * @param steps those of that transaction that made or changed parts of it, with commas
     */
    private record Making(boolean before, long first, String steps) {}

    private Making making(int oid, Partition edge) throws SQLException {
        String sql = MAKING.replace("$oid", Integer.toUnsignedString(oid))
                .replace("$xid", Long.toString(edge.attachedBy()))
                .replace("$step", Long.toString(edge.attachedAt()));
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next()
                    ? new Making(!row.getBoolean(1), row.getLong(2), row.getString(3))
                    : new Making(true, 0, "");
        }
    }
}
