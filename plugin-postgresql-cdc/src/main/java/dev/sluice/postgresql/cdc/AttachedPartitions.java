package dev.sluice.postgresql.cdc;

import dev.sluice.postgresql.cdc.SourceFacts.Partition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tells which partitions were attached with rows. Blocks on the server. */
final class AttachedPartitions {

    private final PartitionRows rows;
    private final Map<Integer, Partition> was;
    private final Map<Integer, Partition> is;

    /**
     * @param was all below a table at an earlier look, by their OIDs
     * @param is now
     */
    AttachedPartitions(PartitionRows rows, Map<Integer, Partition> was, Map<Integer, Partition> is) {
        this.rows = rows;
        this.was = was;
        this.is = is;
    }

    /**
     * Whether a partition has rows, as far as can be told, that it had before it became part of the tree. Whatever made it that must
     * have found it empty: then all its rows are in the stream.
     */
    boolean filled(int oid) throws SQLException {
        if (was.containsKey(oid) && !attachedAnew(oid)) {
            return false;
        }
        List<String> before = new ArrayList<>();
        for (int at = oid; is.containsKey(at); at = is.get(at).parent()) {
            Partition edge = is.get(at);
            Partition known = was.get(at);
            boolean old = known != null && known.attachedBy() == edge.attachedBy();
            if (!old && !edge.born()) {
                before.add(insertedBefore(edge));
            }
        }
        return !before.isEmpty() && rows.holds(oid, String.join(" OR ", before), true);
    }

    private boolean attachedAnew(int oid) {
        for (int at = oid; is.containsKey(at); at = is.get(at).parent()) {
            if (was.containsKey(at) && was.get(at).attachedBy() != is.get(at).attachedBy()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Rows of transactions that came before, or of the same one before that step. A transaction within that one has a later
     * number, but its steps are counted along.
     */
    private static String insertedBefore(Partition edge) {
        String step = PartitionRows.WRITTEN_AT + " < " + edge.attachedAt();
        return PartitionRows.precedes((int) edge.attachedBy()) + " OR (" + PartitionRows.WRITTEN_BY + " = "
                + edge.attachedBy() + " OR " + (edge.attachedAt() > 2) + ") AND " + step;
    }
}
