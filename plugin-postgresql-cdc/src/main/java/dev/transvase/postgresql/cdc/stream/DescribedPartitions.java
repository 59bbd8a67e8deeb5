package dev.transvase.postgresql.cdc.stream;

import dev.transvase.postgresql.cdc.pgoutput.Relation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells which partitions the changes of a stream are of. A change names the table only that its partition is published as, but
 * before the first one of each partition the server describes that table and right after it the partition. Used by one thread.
 */
final class DescribedPartitions {

    /** The followed table that was described last, with nothing after it; 0 when there is none. */
    private int table;

    /** Those that no change has come of yet, by the tables that they are published as. */
    private final Map<Integer, List<Relation>> waiting = new HashMap<>();

    /** A relation was described, which is followed or not. */
    void described(Relation relation, boolean followed) {
        if (followed) {
            table = relation.oid();
        } else if (table != 0) {
            waiting.computeIfAbsent(table, of -> new ArrayList<>()).add(relation);
            table = 0;
        }
    }

    /** A row of a table was changed: returns the partitions that this can be of and that were not returned before. */
    List<Relation> changed(int of) {
        table = 0;
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Relation> partitions = waiting.remove(of);
        return partitions == null ? List.of() : partitions;
    }

    /** Tables were truncated, which are described one after the other before. */
    void truncated(int[] tables) {
        table = 0;
        for (int truncated : tables) {
            waiting.values().forEach(partitions -> partitions.removeIf(p -> p.oid() == truncated));
        }
    }

    /** The stream is taken up again: the server describes all once more. */
    void clear() {
        table = 0;
        waiting.clear();
    }
}
