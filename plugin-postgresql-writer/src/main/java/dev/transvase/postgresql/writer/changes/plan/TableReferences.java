package dev.transvase.postgresql.writer.changes.plan;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.ForeignKeys;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the target tables' foreign keys say: in which order to change them, and which change others by themselves, as {@code ON
 * DELETE} and {@code ON UPDATE} have it.
 */
public final class TableReferences {

    private static final String KEYS = "SELECT k.conrelid::pg_catalog.int8, k.confrelid::pg_catalog.int8,"
            + " k.confdeltype = 'c', k.confdeltype IN ('n', 'd'), k.confupdtype IN ('c', 'n', 'd') FROM pg_catalog.pg_constraint k, (SELECT ARRAY("
            + "SELECT x::pg_catalog.int8::pg_catalog.oid FROM pg_catalog.unnest(?::pg_catalog.text[]) x) AS oids) t"
            + " WHERE k.contype = 'f' AND (k.conrelid = ANY (t.oids) OR k.confrelid = ANY (t.oids))";

    private static final String DEFERRABLE = "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g WHERE g.tgdeferrable"
            + " AND g.tgrelid = ANY (ARRAY(SELECT x::pg_catalog.int8::pg_catalog.oid"
            + " FROM pg_catalog.unnest(?::pg_catalog.text[]) x)))";

    private final Map<Integer, Set<Integer>> deleting = new HashMap<>();
    private final Map<Integer, Set<Integer>> clearing = new HashMap<>();
    private final Map<Integer, Set<Integer>> updating = new HashMap<>();
    private final Set<Integer> referenced = new HashSet<>();
    private final Map<Integer, Integer> ranks = new HashMap<>();
    private boolean deferrable;

    private TableReferences() {}

    /** Those of tables with these OIDs. Blocks on the server. */
    static TableReferences of(PostgresSession session, List<Integer> oids) throws SQLException {
        TableReferences references = new TableReferences();
        Object[] wanted = oids.stream().map(Integer::toUnsignedString).toArray();
        try (PreparedStatement statement = session.jdbc().prepareStatement(KEYS)) {
            statement.setArray(1, session.jdbc().createArrayOf("text", wanted));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int child = (int) row.getLong(1);
                    int parent = (int) row.getLong(2);
                    references.referenced.add(parent);
                    put(row.getBoolean(3), references.deleting, child, parent);
                    put(row.getBoolean(4), references.clearing, child, parent);
                    put(row.getBoolean(5), references.updating, child, parent);
                }
            }
        }
        try (PreparedStatement statement = session.jdbc().prepareStatement(DEFERRABLE)) {
            statement.setArray(1, session.jdbc().createArrayOf("text", wanted));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                references.deferrable = row.getBoolean(1);
            }
        }
        ForeignKeys.among(session, oids).order().forEach(oid -> references.ranks.put(oid, references.ranks.size()));
        return references;
    }

    private static void put(boolean acts, Map<Integer, Set<Integer>> to, int child, int parent) {
        if (acts) {
            to.computeIfAbsent(child, c -> new HashSet<>()).add(parent);
        }
    }

    /** Tables of a higher rank may refer to those of a lower one. */
    public int rank(int oid) {
        return ranks.getOrDefault(oid, 0);
    }

    /** Whether any table refers to it. */
    boolean isReferenced(int oid) {
        return referenced.contains(oid);
    }

    /** The tables with whose rows the server deletes rows of this one. */
    public Set<Integer> deletedWith(int oid) {
        return deleting.getOrDefault(oid, Set.of());
    }

    /** The tables with whose rows, when they are deleted, the server changes rows of this one. */
    public Set<Integer> clearedWith(int oid) {
        return clearing.getOrDefault(oid, Set.of());
    }

    /** Whether the server deletes or changes rows of any table by itself. */
    public boolean act() {
        return !deleting.isEmpty() || !clearing.isEmpty() || !updating.isEmpty();
    }

    /** The tables with whose keys the server changes rows of this one. */
    public Set<Integer> updatedWith(int oid) {
        return updating.getOrDefault(oid, Set.of());
    }

    /** Whether something is, or may be, checked at the commit only. */
    public boolean deferrable() {
        return deferrable;
    }
}
