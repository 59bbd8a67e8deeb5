package dev.transvase.postgresql.cdc.snapshot;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.ForeignKeys;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.SourceFacts.Partition;
import dev.transvase.postgresql.cdc.source.SourceFacts.Published;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.postgresql.cdc.table.Shape;
import dev.transvase.spi.table.TableName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tables that a stream which goes on takes in with this run. What is stored tells how far that has come: nothing of a table
 * while none of its rows can be at the target, that it is being copied, and then, with its shape, of where in the log its rows are.
 *
 * @param tables their indexes in the plan
 * @param begunBefore those that an earlier run has begun to copy
 */
public record Joining(Set<Integer> tables, Set<Integer> begunBefore) {

    public boolean any() {
        return !tables.isEmpty();
    }

    /** Those of the job's tables that join. */
    public List<FollowedTable> of(List<FollowedTable> all) {
        return all.stream().filter(t -> tables.contains(t.index())).toList();
    }

    /** Those that an earlier run has begun to copy. */
    public List<FollowedTable> emptied(List<FollowedTable> all) {
        return all.stream().filter(t -> begunBefore.contains(t.index())).toList();
    }

    /** Those that have been followed before. */
    public List<FollowedTable> others(List<FollowedTable> all) {
        return all.stream().filter(t -> !tables.contains(t.index())).toList();
    }

    /**
     * Whether the tables that have been followed are read up to where the new ones' rows are of, before these come: rows of new
     * tables may refer to theirs. Not where only these refer to the new ones. Blocks on the server.
     */
    public boolean othersComeFirst(PostgresSession session, List<FollowedTable> all) {
        if (others(all).isEmpty()) {
            return false;
        }
        Map<Integer, Boolean> joins = new HashMap<>();
        all.forEach(t -> joins.put(t.shape().oid(), tables.contains(t.index())));
        ForeignKeys keys = ForeignKeys.among(session, List.copyOf(joins.keySet()));
        return refer(keys, joins, true) || !refer(keys, joins, false);
    }

    /** Whether tables that join, or such that do not, refer to one of the others. */
    private static boolean refer(ForeignKeys keys, Map<Integer, Boolean> joins, boolean joining) {
        return joins.entrySet().stream()
                .filter(table -> table.getValue() == joining)
                .anyMatch(table -> keys.referencedBy(table.getKey()).stream().anyMatch(to -> joins.get(to) != joining));
    }

    /** What is stored before the first of their rows is written. */
    public StreamPosition intended(StreamPosition from, List<FollowedTable> all) {
        StoredContext before = without(StoredContext.of(from.context()), all);
        Map<Integer, Lsn> copies = new LinkedHashMap<>(before.copies());
        of(all).forEach(t -> copies.put(t.shape().oid(), Lsn.NONE));
        return new StreamPosition(
                true,
                from.lsn(),
                from.systemId(),
                before.with(before.shapes(), copies).toBytes());
    }

    /**
     * What is true once their rows are at the target.
     *
     * @param start where the stream goes on
     * @param rows where in the log the rows are of
     */
    public StoredContext joined(StoredContext before, List<FollowedTable> all, Lsn start, Lsn rows) {
        StoredContext others = without(before, all);
        Map<Integer, Lsn> copies = new LinkedHashMap<>();
        others.copies().forEach((table, lsn) -> {
            if (lsn.equals(Lsn.NONE) || start.isBefore(lsn)) {
                copies.put(table, lsn);
            }
        });
        of(all).forEach(t -> copies.put(t.shape().oid(), rows));
        return others.with(others.shapes(), copies);
    }

    /**
     * Without a table that had the name of one that joins. The name may be that of a table which is followed still, under another
     * one: it keeps its shape.
     */
    private StoredContext without(StoredContext before, List<FollowedTable> all) {
        Map<TableName, Shape> shapes = new LinkedHashMap<>(before.shapes());
        of(all).forEach(t -> shapes.remove(t.table()));
        others(all)
                .forEach(t -> before.shapes().values().stream()
                        .filter(shape ->
                                shape.oid() != 0 && shape.oid() == t.shape().oid())
                        .findFirst()
                        .ifPresent(shape -> shapes.put(t.table(), shape)));
        return before.with(shapes, before.copies());
    }

    /**
     * What is known of the source, with what was found of the tables when they joined.
     *
     * @param known of the others
     * @param found when these were put into the publication
     */
    public SourceFacts with(SourceFacts known, SourceFacts found, List<FollowedTable> all) {
        if (known.equals(SourceFacts.UNKNOWN)) {
            return known;
        }
        Set<Integer> oids = of(all).stream().map(t -> t.shape().oid()).collect(Collectors.toSet());
        Map<Integer, Integer> entries = new LinkedHashMap<>(known.published().entries());
        Map<Integer, Map<Integer, Partition>> partitions = new LinkedHashMap<>(known.partitions());
        for (int oid : oids) {
            Integer entry = found.published().entries().get(oid);
            if (entry != null) {
                entries.put(oid, entry);
            }
            Map<Integer, Partition> below = found.partitions().get(oid);
            if (below != null) {
                partitions.put(oid, below);
            }
        }
        Published published =
                new Published(known.published().publication(), known.published().changedBy(), entries);
        return new SourceFacts(known.place(), known.seen(), published, partitions);
    }
}
