package dev.transvase.postgresql.cdc.snapshot;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.ForeignKeys;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.cdc.source.Slot;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.spi.Position;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.Checks;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A slot that is made by this run, and the rows that tables had where it begins. The slot is made when it is needed first; without
 * rows to copy it has no snapshot, and nothing is cut. Safe for use by several threads.
 */
public final class SlotSnapshot implements AutoCloseable {

    private final BeginningSlot slot;
    private final SnapshotSource source;

    public SlotSnapshot(BeginningSlot slot, SnapshotSource source) {
        this.slot = slot;
        this.source = source;
    }

    /**
     * Cuts the rows of tables into splits. Blocks on the server.
     *
     * @param session to look at the tables with, another one than the snapshot's
     * @param firstStage of these splits
     */
    public List<Split> cut(
            PostgresSession session,
            List<FollowedTable> tables,
            Function<FollowedTable, TableDescription> descriptions,
            int firstStage,
            int channels,
            Checks checks)
            throws SQLException {
        List<List<Split>> cut = new ArrayList<>();
        for (Turn turn : turns(session, tables, firstStage, channels)) {
            TableDescription table = descriptions.apply(turn.table());
            cut.add(source.cut(session, turn.table(), table, turn.stage(), channels, checks));
        }
        Optional<List<Long>> rows = source.expectedRows(session);
        List<Split> splits = new ArrayList<>();
        for (int i = 0; i < cut.size(); i++) {
            List<Split> pieces = cut.get(i);
            for (Split piece : pieces) {
                splits.add(rows.isPresent() ? piece.expecting(rows.get().get(i) / pieces.size()) : piece);
            }
        }
        source.holdAll();
        return splits;
    }

    /** A table's place among the others in the snapshot: splits of a stage are read when all before it is durable. */
    private record Turn(FollowedTable table, int stage) {}

    /**
     * The tables in the order that they are to be read in: each behind those that it refers to. One channel needs no more; several
     * wait for each other before they go on to tables that refer to others.
     */
    private static List<Turn> turns(PostgresSession session, List<FollowedTable> of, int firstStage, int channels) {
        Map<Integer, FollowedTable> byOid = new LinkedHashMap<>();
        of.forEach(table -> byOid.put(table.shape().oid(), table));
        ForeignKeys keys = ForeignKeys.among(session, List.copyOf(byOid.keySet()));
        Map<Integer, Integer> levels = keys.levels();
        return keys.order().stream()
                .map(oid -> new Turn(byOid.get(oid), firstStage + (channels == 1 ? 0 : levels.get(oid))))
                .sorted(Comparator.comparing(Turn::stage))
                .toList();
    }

    /** Opens one of the splits. Blocks until the slot is made; an interrupt ends that. */
    public SplitReader open(Split split, FollowedTable table, Position position) {
        return source.open(split, table, slot.get().snapshot(), position);
    }

    /** Whether the slot has been made. */
    public boolean made() {
        return slot.made();
    }

    /** The slot. Blocks until it is made; an interrupt ends that. */
    public Slot.Created slot() {
        return slot.get();
    }

    /** What was true of the source when the slot was made; of none that is not made yet, nothing. */
    public SourceFacts facts() {
        return slot.facts();
    }

    /** All that shared the snapshot have read it: makes sure that it had all that they read, and lets go of it. */
    public void finish() {
        slot.requireSnapshotRead();
        close();
    }

    /** Lets go of the snapshot, whose readers have ended. The slot of a stream stays, a temporary one goes. */
    @Override
    public void close() {
        source.close();
        slot.close();
    }
}
