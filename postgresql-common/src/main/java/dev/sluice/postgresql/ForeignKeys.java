package dev.sluice.postgresql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which of some tables refer to which others by foreign keys, and an order that suits them. */
public final class ForeignKeys {

    private static final String QUERY = "SELECT DISTINCT k.conrelid, k.confrelid FROM pg_catalog.pg_constraint k"
            + " WHERE k.contype = 'f' AND k.conrelid <> k.confrelid AND k.conrelid = ANY (ARRAY("
            + "SELECT x::bigint::oid FROM pg_catalog.unnest(?::text[]) x))";

    private final List<Integer> tables;
    private final Map<Integer, Set<Integer>> referenced = new HashMap<>();

    /**
     * @param tables of any kind of number, in the order that they should keep otherwise
     * @param keys pairs of a table that refers and one that it refers to; those to other tables do not count
     */
    ForeignKeys(List<Integer> tables, List<List<Integer>> keys) {
        this.tables = List.copyOf(new LinkedHashSet<>(tables));
        this.tables.forEach(table -> referenced.put(table, new LinkedHashSet<>()));
        for (List<Integer> key : keys) {
            if (referenced.containsKey(key.get(0)) && referenced.containsKey(key.get(1))) {
                referenced.get(key.get(0)).add(key.get(1));
            }
        }
    }

    /** Those among tables with these OIDs, in one round trip. Blocks on the server. */
    public static ForeignKeys among(PostgresSession session, List<Integer> oids) {
        List<List<Integer>> keys = new ArrayList<>();
        if (oids.size() > 1) {
            try (PreparedStatement statement = session.jdbc().prepareStatement(QUERY)) {
                Object[] wanted = oids.stream().map(Integer::toUnsignedString).toArray();
                statement.setArray(1, session.jdbc().createArrayOf("text", wanted));
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        keys.add(List.of((int) row.getLong(1), (int) row.getLong(2)));
                    }
                }
            } catch (SQLException e) {
                throw SqlErrors.translate(e, "looking for foreign keys");
            }
        }
        return new ForeignKeys(oids, keys);
    }

    /** Whether one of the tables refers to another of them. */
    public boolean any() {
        return referenced.values().stream().anyMatch(to -> !to.isEmpty());
    }

    /** The other tables that this one refers to. */
    public Set<Integer> referencedBy(int table) {
        return Set.copyOf(referenced.getOrDefault(table, Set.of()));
    }

    /** The tables that refer to each other in a circle, so that there is none to begin with. */
    public Set<Integer> circular() {
        Set<Integer> circular = new LinkedHashSet<>();
        for (int table : tables) {
            if (reaches(table, table, new HashSet<>())) {
                circular.add(table);
            }
        }
        return circular;
    }

    private boolean reaches(int from, int to, Set<Integer> seen) {
        for (int next : referenced.get(from)) {
            if (next == to || (seen.add(next) && reaches(next, to, seen))) {
                return true;
            }
        }
        return false;
    }

    /**
     * The tables, each behind those that it refers to, else in the order that they came in. Where that is not possible,
     * circular ones come as they came in, behind all that need not wait for them.
     */
    public List<Integer> order() {
        List<Integer> order = new ArrayList<>();
        Set<Integer> left = new LinkedHashSet<>(tables);
        Set<Integer> circular = circular();
        while (!left.isEmpty()) {
            int next = left.stream()
                    .filter(table -> referenced.get(table).stream().noneMatch(left::contains))
                    .findFirst()
                    .orElseGet(() ->
                            left.stream().filter(circular::contains).findFirst().orElseThrow());
            order.add(next);
            left.remove(next);
        }
        return order;
    }

    /**
     * For each table how many others have to be there before it, one behind the other: 0 for one that refers to none. Of a
     * circle, what closes it does not count.
     */
    public Map<Integer, Integer> levels() {
        Map<Integer, Integer> levels = new HashMap<>();
        for (int table : order()) {
            int level = 0;
            for (int to : referenced.get(table)) {
                level = Math.max(level, levels.getOrDefault(to, -1) + 1);
            }
            levels.put(table, level);
        }
        return levels;
    }
}
