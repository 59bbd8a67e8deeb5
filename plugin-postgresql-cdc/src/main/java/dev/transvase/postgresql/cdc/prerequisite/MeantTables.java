package dev.transvase.postgresql.cdc.prerequisite;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PositionTables;
import dev.transvase.postgresql.catalog.TableListing;
import dev.transvase.postgresql.catalog.TableListing.Listed;
import dev.transvase.postgresql.catalog.TablePattern;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a job's patterns mean of the tables that were there when it was looked: ordinary and partitioned ones that the user owns and
 * whose changes are in the log.
 */
public final class MeantTables {

    private final TableListing listing;

    /** The tables that a pattern does not mean although they are tables, by their OIDs; and why. */
    private final Map<Integer, String> others;

    private final List<TablePattern> excluded;

    private MeantTables(TableListing listing, Map<Integer, String> others, List<TablePattern> excluded) {
        this.listing = listing;
        this.others = others;
        this.excluded = excluded;
    }

    /** Looks at the source. Blocks on the server. */
    static MeantTables look(PostgresSession session, PostgresCdcParameters parameters) throws SQLException {
        TableListing listing = TableListing.of(session);
        List<TablePattern> excluded =
                parameters.excludeTable().stream().map(TablePattern::parse).toList();
        return new MeantTables(listing, others(session, listing), excluded);
    }

    /** The tables that patterns mean by now, and that are none of these, by their OIDs. Blocks on the server. */
    public static Map<Integer, TableName> beyond(
            PostgresSession session, PostgresCdcParameters parameters, Set<Integer> known) throws SQLException {
        Map<Integer, TableName> found = new LinkedHashMap<>();
        List<TablePattern> patterns = parameters.table().stream()
                .map(TablePattern::parse)
                .filter(pattern -> !pattern.isName())
                .toList();
        if (patterns.isEmpty()) {
            return found;
        }
        MeantTables meant = look(session, parameters);
        for (TablePattern pattern : patterns) {
            meant.listed(pattern)
                    .filter(listed -> !known.contains(listed.oid()))
                    .forEach(listed -> found.put(listed.oid(), listed.table()));
        }
        return found;
    }

    /** The tables that a pattern means. */
    List<TableName> by(TablePattern pattern) {
        return listed(pattern).map(Listed::table).toList();
    }

    private Stream<Listed> listed(TablePattern pattern) {
        return listing.tables().stream()
                .filter(Listed::isWholeTable)
                .filter(listed -> !others.containsKey(listed.oid()))
                .filter(listed -> pattern.matches(listed.table()))
                .filter(listed -> excluded.stream().noneMatch(e -> e.matches(listed.table())));
    }

    /**
     * What a pattern matches and does not mean, and why. Partitions come with the table that they are partitions of, unless that is none
     * that the pattern means.
     */
    Map<TableName, String> leftOut(TablePattern pattern) {
        Map<TableName, String> leftOut = new LinkedHashMap<>();
        Set<Integer> followed = new HashSet<>();
        for (Listed listed : listing.tables()) {
            if (listed.isWholeTable() && !others.containsKey(listed.oid()) && pattern.matches(listed.table())) {
                followed.add(listed.oid());
            }
        }
        for (Listed listed : listing.tables()) {
            boolean below = listed.partition() && listed.ancestors().stream().anyMatch(followed::contains);
            if (pattern.matches(listed.table()) && !followed.contains(listed.oid()) && !below) {
                leftOut.put(listed.table(), listed.whyNotMeant().orElseGet(() -> others.get(listed.oid())));
            } else if (followed.contains(listed.oid()) && excluded.stream().anyMatch(e -> e.matches(listed.table()))) {
                leftOut.put(listed.table(), "excludeTable excludes it from the pattern");
            }
        }
        return leftOut;
    }

    /** The tables that a pattern does not mean although they are tables, by their OIDs; and why. */
    private static Map<Integer, String> others(PostgresSession session, TableListing listing) throws SQLException {
        Map<Integer, String> others = new HashMap<>();
        try (Statement statement = session.jdbc().createStatement();
                ResultSet rows = statement.executeQuery("SELECT c.oid, CASE WHEN c.relpersistence <> 'p'"
                        + " THEN 'it is unlogged, so its changes are not in the log'"
                        + " WHEN pg_catalog.pg_get_userbyid(c.relowner) <> current_user"
                        + " THEN pg_catalog.concat('it belongs to ', pg_catalog.pg_get_userbyid(c.relowner), '; only"
                        + " what user ',"
                        + " current_user, ' owns can be followed') WHEN NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a"
                        + " WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) THEN 'it has no"
                        + " columns' END"
                        + " FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p')")) {
            while (rows.next()) {
                if (rows.getString(2) != null) {
                    others.put((int) rows.getLong(1), rows.getString(2));
                }
            }
        }
        Set<TableName> positions = new HashSet<>();
        PositionTables.of(session).forEach(found -> positions.add(found.table()));
        for (Listed listed : listing.tables()) {
            if (positions.contains(listed.table())) {
                others.putIfAbsent(listed.oid(), "it stores the positions of jobs that write to this database");
            }
        }
        return others;
    }
}
