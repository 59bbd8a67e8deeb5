package dev.transvase.postgresql.cdc.snapshot;

import static dev.transvase.postgresql.error.PostgresErrors.TABLE_REWRITTEN;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Snapshot;
import dev.transvase.postgresql.cdc.source.Slot;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.SourceState;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.postgresql.cdc.wait.Patience;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The slot of a stream that begins with this run, or the temporary one that tables join a stream with; made when it is needed first,
 * and what its snapshot needs.
 */
public final class BeginningSlot implements AutoCloseable {

    private static final int SLOT_ATTEMPTS = 5;

    private final PostgresDataSource dataSource;
    private final String applicationName;
    private final PostgresCdcParameters parameters;
    private final SourceState state;
    private final List<FollowedTable> tables;
    private final SlotMaking.Work work;
    private final Notices notices;

    /** The tables as they were planned with; empty without a snapshot. */
    private Map<TableName, HeldTables.State> seen;

    /** Guarded by this: the slot once it was made, what was true before, and the session that holds its snapshot. */
    private Slot.Created created;

    private SourceFacts facts = SourceFacts.UNKNOWN;
    private PostgresSession replication;

    /** The thread that makes it; {@code null} when none does. */
    private volatile Thread maker;

    /** Guarded by this: the tables of the snapshot, until it has been read; {@code null} when there is none. */
    private HeldTables held;

    /**
     * @param tables of the snapshot
     * @param seen these as they were planned with; empty without a snapshot
     * @param work makes the slot
     */
    public BeginningSlot(
            PostgresDataSource dataSource,
            String applicationName,
            PostgresCdcParameters parameters,
            SourceState state,
            List<FollowedTable> tables,
            Map<TableName, HeldTables.State> seen,
            SlotMaking.Work work,
            Notices notices) {
        this.dataSource = dataSource;
        this.applicationName = applicationName;
        this.parameters = parameters;
        this.state = state;
        this.tables = tables;
        this.work = work;
        this.notices = notices;
        this.seen = seen;
    }

    /** Whether it has been made. */
    public synchronized boolean made() {
        return created != null;
    }

    /** Makes the slot when it is needed first. Blocks; an interrupt ends that. */
    public synchronized Slot.Created get() {
        maker = Thread.currentThread();
        try {
            return getOnce();
        } finally {
            maker = null;
        }
    }

    private Slot.Created getOnce() {
        if (created == null) {
            boolean export = parameters.snapshot() != Snapshot.NEVER;
            SlotMaking making = new SlotMaking(dataSource, applicationName, parameters, work, notices);
            Slot.Created made = make(making, export);
            try {
                if (export) {
                    for (int attempt = 1; !holdTables(attempt == SLOT_ATTEMPTS); attempt++) {
                        replication.close();
                        made = make(making, true);
                    }
                }
            } catch (RuntimeException e) {
                undo(making);
                throw e;
            }
            created = made;
        }
        return created;
    }

    /** A slot that nobody is going to read would have the server keep its log. */
    private void undo(SlotMaking making) {
        boolean interrupted = Thread.interrupted(); // which would end the waiting for the slot to be let go of
        release();
        making.undo();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was true of the source when it was made. */
    public synchronized SourceFacts facts() {
        return facts;
    }

    private Slot.Created make(SlotMaking making, boolean export) {
        replication = PostgresSession.openForReplication(dataSource, applicationName, notices);
        // What becomes of partitions from here on is found; the publication is as it is once the slot stands.
        SourceFacts before =
                state.facts(tables.stream().map(t -> t.shape().oid()).toList());
        Slot.Created made = making.make(replication, export);
        try {
            facts = before.withPublished(state.facts(List.of()).published());
        } catch (RuntimeException e) {
            undo(making);
            throw e;
        }
        return made;
    }

    /** Locks the tables for the snapshot; false when some were truncated or rewritten, so that another slot is needed. */
    private boolean holdTables(boolean last) {
        try (Patience patience = new Patience(Duration.ofSeconds(parameters.slotWaitSeconds()), notices)) {
            HeldTables locked = HeldTables.lock(
                    PostgresSession.openToWork(dataSource, applicationName, Notices.NONE), seen, patience);
            held = locked;
            List<TableName> rewritten = locked.rewritten();
            if (rewritten.isEmpty()) {
                return true;
            }
            String what =
                    rewritten.get(0) + " was truncated or rewritten at the source while the slot was being created";
            if (last) {
                throw TransvaseException.of(
                        TABLE_REWRITTEN,
                        what + ", again, after " + SLOT_ATTEMPTS + " attempts; run the job again when this has ended",
                        null);
            }
            notices.warn(what + "; creating the slot again");
            seen = locked.now();
            locked.close();
            held = null;
            return false;
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "locking the tables of the snapshot");
        }
    }

    /** Makes sure that the snapshot had all that was read of it. */
    public synchronized void requireSnapshotRead() {
        if (held == null) {
            return;
        }
        try {
            held.requireAllRead();
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "checking the tables of the snapshot");
        }
    }

    /** All that shared the snapshot have read it, or nobody wants to. The slot of a stream stays, a temporary one goes. */
    @Override
    public void close() {
        Thread making = maker;
        if (making != null && making != Thread.currentThread()) {
            making.interrupt();
        }
        release();
    }

    private synchronized void release() {
        if (held != null) {
            held.close();
            held = null;
        }
        if (replication != null) {
            replication.close();
            replication = null;
        }
    }
}
