package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Which of some tables refer to which others by foreign keys, and an order that suits them. Keys of partitions and of
 * inheriting tables, and keys to them, are those of the nearest table above that is one of these.
 */
public final class ForeignKeys {

    private static final int FIRST_WITH_PARENTS_OF_KEYS = 11;
    private static final int FIRST_WITH_KEYS_NOT_ENFORCED = 18;

    private static final String QUERY = "WITH RECURSIVE wanted AS (SELECT x::pg_catalog.int8::pg_catalog.oid AS oid"
            + " FROM pg_catalog.unnest(?::pg_catalog.text[]) x), tree (member, top) AS (SELECT oid, oid FROM wanted UNION"
            + " SELECT i.inhrelid, t.top FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.member"
            + " WHERE i.inhrelid NOT IN (SELECT oid FROM wanted)) SELECT DISTINCT f.top, t.top,"
            + " pg_catalog.quote_ident(k.conname), k.oid FROM pg_catalog.pg_constraint k"
            + " JOIN tree f ON f.member = k.conrelid JOIN tree t ON t.member = k.confrelid"
            + " WHERE k.contype = 'f' AND $original AND $enforced ORDER BY 1, 2, 3, 4";

    /** A key of or to a partitioned table is one more for each of the partitions: the one that the user created is reported. */
    private static final String ORIGINAL = "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint p"
            + " JOIN tree pf ON pf.member = p.conrelid AND pf.top = f.top"
            + " JOIN tree pt ON pt.member = p.confrelid AND pt.top = t.top WHERE p.oid = k.conparentid)";

    private final List<Integer> tables;
    private final List<Reference> keys;
    private final Map<Integer, Set<Integer>> referenced = new LinkedHashMap<>();

    /**
     * A foreign key.
     *
     * @param from the table that refers
     * @param to the table that it refers to, perhaps itself
     * @param name the constraint's, quoted
     * @param oid the constraint's
     */
    public record Reference(int from, int to, String name, int oid) {

        /** Whether records of one table refer to others of it. */
        public boolean toItself() {
            return from == to;
        }
    }

    /**
     * @param tables of any kind of number, in the order that they should keep otherwise
     * @param keys those to other tables do not count
     */
    ForeignKeys(List<Integer> tables, Collection<Reference> keys) {
        this.tables = List.copyOf(new LinkedHashSet<>(tables));
        this.tables.forEach(table -> referenced.put(table, new LinkedHashSet<>()));
        this.keys = keys.stream()
                .filter(key -> referenced.containsKey(key.from()) && referenced.containsKey(key.to()))
                .toList();
        for (Reference key : this.keys) {
            if (!key.toItself()) {
                referenced.get(key.from()).add(key.to());
            }
        }
    }

    /** Those among tables with these OIDs, in one round trip. Blocks on the server. */
    public static ForeignKeys among(PostgresSession session, List<Integer> oids) {
        List<Reference> keys = new ArrayList<>();
        int major = session.majorVersion();
        String sql = QUERY.replace("$original", major >= FIRST_WITH_PARENTS_OF_KEYS ? ORIGINAL : "true")
                .replace("$enforced", major >= FIRST_WITH_KEYS_NOT_ENFORCED ? "k.conenforced" : "true");
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            Object[] wanted = oids.stream().map(Integer::toUnsignedString).toArray();
            statement.setArray(1, session.jdbc().createArrayOf("text", wanted));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    keys.add(new Reference(
                            (int) row.getLong(1), (int) row.getLong(2), row.getString(3), (int) row.getLong(4)));
                }
            }
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking for foreign keys");
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

    /** Keys by which the records of a table refer to others of it. */
    public List<Reference> toThemselves() {
        return keys.stream().filter(Reference::toItself).toList();
    }

    /** Keys by which tables refer to each other in a circle. */
    public List<Reference> inCircles() {
        Map<Integer, Integer> circles = new Circles(tables, referenced).found();
        return keys.stream()
                .filter(key -> !key.toItself() && circles.containsKey(key.from()))
                .filter(key -> circles.get(key.from()).equals(circles.get(key.to())))
                .toList();
    }

    /** The tables that refer to each other in a circle, so that there is none to begin with. */
    public Set<Integer> circular() {
        Map<Integer, Integer> circles = new Circles(tables, referenced).found();
        Set<Integer> circular = new LinkedHashSet<>(tables);
        circular.retainAll(circles.keySet());
        return circular;
    }

    /**
     * The tables, each behind those that it refers to, else in the order that they came in. Where that is not possible,
     * circular ones come as they came in, behind all that need not wait for them.
     */
    public List<Integer> order() {
        Map<Integer, Integer> place = new HashMap<>();
        tables.forEach(table -> place.put(table, place.size()));
        Map<Integer, Integer> waitsFor = new HashMap<>();
        Map<Integer, List<Integer>> waiting = new HashMap<>();
        PriorityQueue<Integer> free = new PriorityQueue<>((a, b) -> place.get(a) - place.get(b));
        referenced.forEach((table, to) -> {
            waitsFor.put(table, to.size());
            to.forEach(other ->
                    waiting.computeIfAbsent(other, o -> new ArrayList<>()).add(table));
            if (to.isEmpty()) {
                free.add(table);
            }
        });
        Set<Integer> order = new LinkedHashSet<>();
        Set<Integer> circular = circular();
        while (order.size() < tables.size()) {
            if (free.isEmpty()) {
                circular.stream()
                        .filter(table -> !order.contains(table))
                        .findFirst()
                        .ifPresent(free::add);
            }
            int next = free.remove();
            if (order.add(next)) {
                for (int table : waiting.getOrDefault(next, List.of())) {
                    if (waitsFor.merge(table, -1, Integer::sum) == 0) {
                        free.add(table);
                    }
                }
            }
        }
        return List.copyOf(order);
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
