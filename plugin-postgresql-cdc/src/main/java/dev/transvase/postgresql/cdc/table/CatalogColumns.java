package dev.transvase.postgresql.cdc.table;

import dev.transvase.postgresql.PostgresSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The columns of a relation as the catalog has them at a moment, by their numbers. The server gives a number to one column
 * only, for as long as the relation is there.
 *
 * @param last the highest number that was given; 0 when there is no such relation
 * @param live the names of the columns that there are
 * @param generated those of them that the server computes, which the stream may lack
 * @param changedBy the transaction that last changed the entry of each, also of one that was dropped
 */
public record CatalogColumns(
        int last, SortedMap<Integer, String> live, Set<Integer> generated, Map<Integer, Integer> changedBy) {

    /** A relation that is not in the catalog. */
    public static final CatalogColumns NONE = new CatalogColumns(0, new TreeMap<>(), Set.of(), Map.of());

    /** From this release on columns can be generated. */
    private static final int GENERATED_FROM = 12;

    /**
     * What the catalog said.
     *
     * @param relations that are in it, by their OIDs
     * @param snapshot what could be seen of other transactions, as the server writes it
     */
    public record Answer(Map<Integer, CatalogColumns> relations, String snapshot) {

        public CatalogColumns of(int relation) {
            return relations.getOrDefault(relation, NONE);
        }

        /** Whether it shows what this transaction has done. */
        public boolean sees(int xid) {
            return new SeenTransactions(snapshot).sees(xid);
        }
    }

    /** Asks for these relations. Blocks on the server. */
    public static Answer ask(PostgresSession session, Collection<Integer> relations) throws SQLException {
        String generated = session.majorVersion() >= GENERATED_FROM ? "a.attgenerated <> ''" : "false";
        String sql = "SELECT s.snapshot, a.attrelid::pg_catalog.int8, a.attnum, a.attname, a.attisdropped, " + generated
                + ", a.xmin::pg_catalog.text::pg_catalog.int8"
                + " FROM (SELECT pg_catalog.txid_current_snapshot()::pg_catalog.text AS snapshot) s"
                + " LEFT JOIN pg_catalog.pg_attribute a ON a.attnum > 0 AND a.attrelid IN ("
                + relations.stream().map(Integer::toUnsignedString).collect(Collectors.joining(", ")) + ')';
        Map<Integer, CatalogColumns> found = new HashMap<>();
        String snapshot = "";
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                snapshot = row.getString(1);
                int number = row.getInt(3);
                if (number > 0) {
                    found.merge(
                            (int) row.getLong(2),
                            one(number, row.getString(4), row.getBoolean(5), row.getBoolean(6), (int) row.getLong(7)),
                            CatalogColumns::and);
                }
            }
        }
        return new Answer(found, snapshot);
    }

    private static CatalogColumns one(int number, String name, boolean dropped, boolean generated, int changedBy) {
        SortedMap<Integer, String> live = new TreeMap<>();
        if (!dropped) {
            live.put(number, name);
        }
        return new CatalogColumns(
                number,
                live,
                generated && !dropped ? new HashSet<>(Set.of(number)) : new HashSet<>(),
                new HashMap<>(Map.of(number, changedBy)));
    }

    private CatalogColumns and(CatalogColumns other) {
        live.putAll(other.live);
        generated.addAll(other.generated);
        changedBy.putAll(other.changedBy);
        return new CatalogColumns(Math.max(last, other.last), live, generated, changedBy);
    }
}
