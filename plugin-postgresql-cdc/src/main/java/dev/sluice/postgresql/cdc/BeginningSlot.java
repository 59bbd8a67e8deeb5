package dev.sluice.postgresql.cdc;

import dev.sluice.postgresql.PostgresDataSource;
import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.SqlErrors;
import dev.sluice.postgresql.cdc.PostgresCdcParameters.Snapshot;
import dev.sluice.spi.Notices;
import dev.sluice.spi.SluiceException;
import dev.sluice.spi.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** The slot of a stream that begins with this run, made when it is needed first, and what its snapshot needs. */
final class BeginningSlot implements AutoCloseable {

    private static final int SLOT_ATTEMPTS = 5;

    private final PostgresDataSource dataSource;
    private final String applicationName;
    private final PostgresCdcParameters parameters;
    private final SourceState state;
    private final List<FollowedTable> tables;
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

    /** @param seen the tables as they were planned with; empty without a snapshot */
    BeginningSlot(
            PostgresDataSource dataSource,
            String applicationName,
            PostgresCdcParameters parameters,
            SourceState state,
            List<FollowedTable> tables,
            Map<TableName, HeldTables.State> seen,
            Notices notices) {
        this.dataSource = dataSource;
        this.applicationName = applicationName;
        this.parameters = parameters;
        this.state = state;
        this.tables = tables;
        this.notices = notices;
        this.seen = seen;
    }

    /** Whether it has been made. */
    synchronized boolean made() {
        return created != null;
    }

    /** Makes the slot when it is needed first. Blocks; an interrupt ends that. */
    synchronized Slot.Created get() {
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
            Slot.Created made = make(export);
            if (export) {
                for (int attempt = 1; !holdTables(attempt == SLOT_ATTEMPTS); attempt++) {
                    replication.close();
                    made = make(true);
                }
            }
            created = made;
        }
        return created;
    }

    /** What was true of the source when it was made. */
    synchronized SourceFacts facts() {
        return facts;
    }

    private Slot.Created make(boolean export) {
        replication = PostgresSession.openForReplication(dataSource, applicationName, notices);
        // What becomes of partitions from here on is found; the publication is as it is once the slot stands.
        SourceFacts before =
                state.facts(tables.stream().map(t -> t.shape().oid()).toList());
        Slot.Created made = new SlotMaking(dataSource, applicationName, parameters, state, tables, notices)
                .make(replication, export);
        facts = before.withPublished(state.facts(List.of()).published());
        return made;
    }

    /** Locks the tables for the snapshot; false when some were truncated or rewritten, so that another slot is needed. */
    private boolean holdTables(boolean last) {
        try {
            HeldTables locked = HeldTables.lock(PostgresSession.open(dataSource, applicationName), seen);
            held = locked;
            List<TableName> rewritten = locked.rewritten();
            if (rewritten.isEmpty()) {
                return true;
            }
            String what = rewritten.get(0) + " was truncated or rewritten at the source while the slot was made";
            if (last) {
                throw SluiceException.external(
                        "TABLE_REWRITTEN",
                        what + ", once more after " + SLOT_ATTEMPTS
                                + " attempts; run the job again when that has ended",
                        null);
            }
            notices.warn(what + "; making the slot anew");
            seen = locked.now();
            locked.close();
            held = null;
            return false;
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "locking the tables of the snapshot");
        }
    }

    /** Makes sure that the snapshot had all that was read of it. */
    synchronized void requireSnapshotRead() {
        if (held == null) {
            return;
        }
        try {
            held.requireAllRead();
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "looking at the tables of the snapshot");
        }
    }

    /** All that shared the snapshot have read it, or nobody wants to. A slot that was made stays. */
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
