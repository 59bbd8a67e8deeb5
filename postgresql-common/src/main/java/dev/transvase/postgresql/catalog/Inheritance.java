package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.table.TableName;
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
import java.util.Set;

/**
 * Which tables inherit from others, or are partitions of them, and with which of some tables the rows of each of them are
 * read so that every row is read once.
 */
public final class Inheritance {

    private static final String BELOW = "WITH RECURSIVE below AS (SELECT i.inhrelid, i.inhparent, i.inhseqno"
            + " FROM pg_catalog.pg_inherits i WHERE i.inhparent = ANY (ARRAY("
            + "SELECT x::pg_catalog.int8::pg_catalog.oid FROM pg_catalog.unnest(?::pg_catalog.text[]) x))"
            + " UNION SELECT i.inhrelid, i.inhparent, i.inhseqno FROM below JOIN pg_catalog.pg_inherits i"
            + " ON i.inhparent = below.inhrelid) SELECT below.inhrelid, below.inhparent, n.nspname, c.relname, c.relkind,"
            + " c.relispartition FROM below JOIN pg_catalog.pg_class c ON c.oid = below.inhrelid"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace ORDER BY below.inhrelid, below.inhseqno";

    /** For each table its parents, in the order that it names them in. */
    private final Map<Integer, List<Integer>> parents = new HashMap<>();

    private final Map<Integer, Set<Integer>> children = new HashMap<>();
    private final Map<Integer, Member> members = new LinkedHashMap<>();

    /**
     * A table below another one.
     *
     * @param partition whether it is a partition, so that it has no parent but that
     */
    public record Member(int oid, TableName table, char relkind, boolean partition) {}

    Inheritance() {}

    /** Asks for all that is below these tables, in one round trip. Blocks on the server. */
    public static Inheritance below(PostgresSession session, Collection<Integer> tables) {
        Inheritance inheritance = new Inheritance();
        if (tables.isEmpty()) {
            return inheritance;
        }
        try (PreparedStatement statement = session.jdbc().prepareStatement(BELOW)) {
            Object[] oids = tables.stream().map(Integer::toUnsignedString).toArray();
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Member child = new Member(
                            (int) row.getLong(1),
                            new TableName(row.getString(3), row.getString(4)),
                            row.getString(5).charAt(0),
                            row.getBoolean(6));
                    inheritance.add(child, (int) row.getLong(2));
                }
            }
            return inheritance;
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking for the tables that inherit from others");
        }
    }

    void add(Member child, int parent) {
        members.put(child.oid(), child);
        parents.computeIfAbsent(child.oid(), c -> new ArrayList<>()).add(parent);
        children.computeIfAbsent(parent, p -> new LinkedHashSet<>()).add(child.oid());
    }

    /** All that is below the table, each once, the nearest first. */
    public List<Member> below(int table) {
        Set<Integer> found = new LinkedHashSet<>();
        List<Integer> level = List.of(table);
        while (!level.isEmpty()) {
            List<Integer> next = new ArrayList<>();
            for (int parent : level) {
                for (int child : children.getOrDefault(parent, Set.of())) {
                    if (child != table && found.add(child)) {
                        next.add(child);
                    }
                }
            }
            level = next;
        }
        return found.stream().map(members::get).toList();
    }

    /**
     * The nearest of these tables that the given one is below of, along the shortest way up. Of several that are equally
     * near all are given; the first of them is the one that it names first as its parent, or as the parent of that.
     */
    public List<Integer> nearest(int table, Set<Integer> among) {
        Set<Integer> seen = new LinkedHashSet<>(List.of(table));
        List<Integer> level = List.of(table);
        while (!level.isEmpty()) {
            List<Integer> above = new ArrayList<>();
            for (int child : level) {
                for (int parent : parents.getOrDefault(child, List.of())) {
                    if (seen.add(parent)) {
                        above.add(parent);
                    }
                }
            }
            List<Integer> found = above.stream().filter(among::contains).toList();
            if (!found.isEmpty()) {
                return found;
            }
            level = above;
        }
        return List.of();
    }
}
