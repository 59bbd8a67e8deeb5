package dev.transvase.postgresql.cdc.source;

import static dev.transvase.postgresql.cdc.error.CdcErrors.LOOP;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PositionTables;
import dev.transvase.postgresql.cdc.source.Origins.Origin;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds other jobs that carry changes from the target back to tables of the source that lead there again: each change would loop
 * forever. What jobs that write to the source have stored there tells what they read and where they write it.
 *
 * @param circles the tables of the source whose changes come back to them, with the jobs that bring them
 * @param unknown what may be one
 * @param origins where the rows of the job's tables come from
 */
public record Loops(Map<String, Set<String>> circles, List<String> unknown, Origins origins) {

    private static final Loops NONE = new Loops(Map.of(), List.of(), Origins.NONE);

    /**
     * Where another job writes what it reads of the target.
     *
     * @param split the job's
     * @param table at the source
     */
    private record Way(String split, String table) {}

    /**
     * Looks for such jobs. Blocks on the server.
     *
     * @param session at the source
     * @param own this job's split: where source and target are one database its position is there, too
     * @param target the database that this job writes to; empty when that is not known
     */
    public static Loops find(PostgresSession session, String own, Optional<String> target, List<FollowedTable> tables)
            throws SQLException {
        if (target.isEmpty()) {
            return NONE;
        }
        Map<String, StoredContext> others = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        for (PositionTables.Found found : PositionTables.of(session)) {
            if (found.readable()) {
                others(session, found.table(), own, others);
            } else {
                unknown.add("other jobs keep their positions at the source in " + found.table()
                        + ", which this job's user may not read: it is unknown whether one of them copies changes"
                        + " from the target back to"
                        + " these tables is not known. GRANT SELECT on it to the user");
            }
        }
        Map<String, List<Way>> back = new HashMap<>();
        Map<TableName, Set<Origin>> origins = new LinkedHashMap<>();
        others.forEach((split, stored) -> {
            origins(stored, tables, origins);
            if (stored.facts().place().equals(target.get())) {
                ways(split, stored, tables, back, unknown);
            }
        });
        Map<String, Set<String>> circles = new LinkedHashMap<>();
        Map<String, String> onward = new LinkedHashMap<>();
        tables.forEach(table ->
                table.target().ifPresent(there -> onward.put(table.table().toString(), there)));
        for (String table : onward.keySet()) {
            Set<String> by = comeBack(table, onward, back);
            if (!by.isEmpty()) {
                circles.put(table, by);
            }
        }
        for (FollowedTable table : tables) {
            Set<Origin> from = origins.getOrDefault(table.table(), Set.of());
            Optional<Origin> there = table.target().map(name -> new Origin(target.get(), name));
            if (there.isPresent() && from.contains(there.get())) {
                circles.computeIfAbsent(table.table().toString(), name -> bringing(name, others));
            }
        }
        return new Loops(circles, unknown, new Origins(origins));
    }

    /** The other jobs that write a table. */
    private static Set<String> bringing(String table, Map<String, StoredContext> others) {
        Set<String> splits = new TreeSet<>();
        others.forEach((split, stored) -> {
            if (stored.targets().containsValue(table)) {
                splits.add(split);
            }
        });
        return splits;
    }

    /** Adds where a job has the rows from that it writes to these tables. */
    private static void origins(StoredContext stored, List<FollowedTable> tables, Map<TableName, Set<Origin>> origins) {
        if (stored.facts().place().isEmpty()) {
            return;
        }
        stored.targets().forEach((from, to) -> {
            for (FollowedTable table : tables) {
                if (table.table().toString().equals(to)) {
                    Set<Origin> known = origins.computeIfAbsent(table.table(), name -> new TreeSet<>());
                    known.add(new Origin(stored.facts().place(), from.toString()));
                    known.addAll(stored.origins().of(from));
                }
            }
        });
    }

    /** The jobs that write to the source. */
    private static void others(
            PostgresSession session, TableName positions, String own, Map<String, StoredContext> found)
            throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT split, context FROM " + SqlNames.quote(positions)
                        + " WHERE token <> '' AND split <> " + SqlNames.literal(own))) {
            while (row.next()) {
                StoredContext stored;
                try {
                    stored = StoredContext.of(row.getBytes(2));
                } catch (RuntimeException e) {
                    continue; // none of this reader's: such bytes may be anything
                }
                found.put(row.getString(1), stored);
            }
        }
    }

    private static void ways(
            String split,
            StoredContext stored,
            List<FollowedTable> tables,
            Map<String, List<Way>> back,
            List<String> unknown) {
        Set<String> silent = new TreeSet<>();
        for (TableName table : stored.shapes().keySet()) {
            String there = stored.targets().get(table);
            if (there == null) {
                silent.add(table.toString());
            } else {
                back.computeIfAbsent(table.toString(), name -> new ArrayList<>())
                        .add(new Way(split, there));
            }
        }
        boolean reads = !stored.shapes().isEmpty();
        String unclear = tables.stream()
                .filter(table -> table.target().map(silent::contains).orElse(reads))
                .map(table -> table.table().toString())
                .collect(Collectors.joining(", "));
        if (!unclear.isEmpty()) {
            unknown.add("the job of " + split + " copies changes from this job's target to its source, but it is"
                    + " unknown to which tables: if to " + unclear + ", each change would loop forever. Run"
                    + " that job once with this version, then check again");
        }
    }

    /** The jobs on the way from a table back to itself; none when there is no such way. */
    private static Set<String> comeBack(String table, Map<String, String> onward, Map<String, List<Way>> back) {
        Map<String, Set<String>> reached = new HashMap<>();
        Deque<String> next = new ArrayDeque<>(List.of(table));
        while (!next.isEmpty()) {
            String from = next.remove();
            for (Way way : back.getOrDefault(onward.get(from), List.of())) {
                Set<String> by = new TreeSet<>(reached.getOrDefault(from, Set.of()));
                by.add(way.split());
                if (way.table().equals(table)) {
                    return by;
                }
                if (onward.containsKey(way.table()) && reached.putIfAbsent(way.table(), by) == null) {
                    next.add(way.table());
                }
            }
        }
        return Set.of();
    }

    /** Tells what was found. */
    public void report(Checks checks) {
        require(checks);
        unknown.forEach(message -> checks.warning("table", message));
    }

    /** Tells of what is certain. */
    public void require(Checks checks) {
        if (circles.isEmpty()) {
            return;
        }
        Set<String> jobs = new TreeSet<>();
        circles.values().forEach(jobs::addAll);
        checks.error(
                "table",
                LOOP,
                "changes of " + String.join(", ", circles.keySet())
                        + " come back to them: they are copied from the target of this job to its source, possibly via"
                        + " other databases, by the job of " + String.join(" and of ", jobs)
                        + ": each change would loop forever",
                "copy each table in one direction only, using table and excludeTable; if that job no longer exists,"
                        + " run `transvase cdc drop` for it");
    }
}
