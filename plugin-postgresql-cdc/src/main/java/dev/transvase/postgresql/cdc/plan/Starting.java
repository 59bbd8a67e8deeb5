package dev.transvase.postgresql.cdc.plan;

import static dev.transvase.postgresql.cdc.error.CdcErrors.ANOTHER_CLUSTER;
import static dev.transvase.postgresql.cdc.error.CdcErrors.SLOT_EXISTS;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Snapshot;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.snapshot.BeginningSlot;
import dev.transvase.postgresql.cdc.snapshot.BeginningWork;
import dev.transvase.postgresql.cdc.snapshot.HeldTables;
import dev.transvase.postgresql.cdc.snapshot.Joining;
import dev.transvase.postgresql.cdc.snapshot.JoiningWork;
import dev.transvase.postgresql.cdc.snapshot.SlotMaking;
import dev.transvase.postgresql.cdc.snapshot.SlotSnapshot;
import dev.transvase.postgresql.cdc.snapshot.SnapshotSource;
import dev.transvase.postgresql.cdc.source.FirstLook;
import dev.transvase.postgresql.cdc.source.Loops;
import dev.transvase.postgresql.cdc.source.Slot;
import dev.transvase.postgresql.cdc.source.SourceChanges;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.SourceState;
import dev.transvase.postgresql.cdc.source.SourceTimeline;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import dev.transvase.postgresql.cdc.source.TruncateDoubts;
import dev.transvase.postgresql.cdc.stream.SlotStream;
import dev.transvase.postgresql.cdc.table.FollowedTable;
import dev.transvase.postgresql.cdc.table.TableIdentity;
import dev.transvase.spi.Position;
import dev.transvase.spi.Split;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides how a run starts, from what the target has stored and from what is found at the source: with a stream that begins, goes
 * on, or goes on and takes tables in. Used by one thread; blocks on the source, where it changes nothing.
 */
final class Starting {

    private static final Duration MOMENT = Duration.ofSeconds(2);

    private final CdcJob job;
    private final PostgresCdcParameters parameters;
    private final PostgresSession session;
    private final Planned planned;
    private final Joining joining;
    private final List<FollowedTable> tables;
    private final int channels;
    private final Checks checks;
    private final StreamSplits streamSplits;

    /** @param tables the plan's, as the writer accepted them */
    Starting(Planned planned, List<FollowedTable> tables, int channels, Checks checks) {
        this.job = planned.job();
        this.parameters = job.parameters();
        this.session = planned.session();
        this.planned = planned;
        this.joining = planned.joining();
        this.tables = tables;
        this.channels = channels;
        this.checks = checks;
        this.streamSplits = new StreamSplits(parameters);
    }

    /** Nothing is opened once the checks have failed. */
    Opening start() throws SQLException {
        Position position = job.stored().kept() ? job.stored().of(parameters.slot()) : Position.START;
        Optional<String> target = job.stored().place();
        Loops.find(session, parameters.slot(), target, tables).report(checks);
        Optional<Slot> slot = Slot.find(session, parameters.slot());
        long systemId = SourceState.systemId(session);
        StreamReaders readers = new StreamReaders(planned, tables, systemId, target);
        if (position.equals(Position.START)) {
            return slot.isPresent() ? goOnAt(slot.get(), systemId, readers) : begin(List.of(), systemId, readers);
        }
        StreamPosition streamed = StreamPosition.of(position);
        if (streamed.systemId() != systemId) {
            checks.error(
                    "datasource",
                    ANOTHER_CLUSTER,
                    "the target has the position of a stream from another database cluster",
                    "point the data source to the server that the stream started at, or run `transvase cdc drop`"
                            + " and start over");
            return Opening.NOTHING;
        }
        return streamed.begun() ? resume(streamed, slot, readers) : begin(tables, systemId, readers);
    }

    /** For a target that has nothing of the stream stored. */
    private Opening goOnAt(Slot slot, long systemId, StreamReaders readers) throws SQLException {
        slot.requireHere();
        if (job.stored().kept()) {
            checks.error(
                    "solutionId",
                    SLOT_EXISTS,
                    "there is a replication slot " + parameters.slot() + ", but the target has no position for it:"
                            + " it belongs to another job or target",
                    "choose another solutionId, or remove it with `transvase cdc drop`");
            return Opening.NOTHING;
        }
        checks.warning(
                "solutionId",
                "the stream resumes at the position of the slot " + parameters.slot() + ", since this writer stores"
                        + " no position: the last changes may be sent again");
        warnWhileInUse();
        return new ResumedStream(
                job,
                readers,
                streamSplits.stream(slot.confirmed(), StreamSplits.SNAPSHOT_STAGE),
                systemId,
                FirstLook.at(SourceFacts.UNKNOWN),
                planned.until());
    }

    private Opening resume(StreamPosition streamed, Optional<Slot> slot, StreamReaders readers) throws SQLException {
        if (parameters.snapshot() == Snapshot.ONLY) {
            checks.warning("snapshot", "the snapshot has been written by an earlier run; there is nothing to do");
            return Opening.NOTHING;
        }
        StoredContext before = StoredContext.of(streamed.context());
        try {
            SourceTimeline.require(
                    before.timeline(), SourceTimeline.current(session), streamed.lsn(), job.state()::timelineHistory);
            SlotStream.requireUsable(slot, parameters.slot(), streamed.lsn());
        } catch (TransvaseException e) {
            checks.error("solutionId", e.errorCode(), e.getMessage(), "");
            return Opening.NOTHING;
        }
        List<FollowedTable> others = joining.others(tables);
        TableIdentity.check(others, before.shapes(), parameters.changesOfTables(), checks);
        Map<Integer, TableName> oids = oids(others);
        SourceFacts now = SourceFacts.look(session, parameters.publication(), oids.keySet());
        SourceChanges changes = new SourceChanges(session, parameters.changesOfTables(), before::hasContained, checks);
        changes.between(before.facts(), now, oids);
        List<Streamed> settled = changes.streamed(before.facts(), now, before.partitions(), oids);
        // What was found is reported; what only the stream can explain is checked again, or when it ends.
        boolean explained = changes.truncated().without(before.truncates()).none();
        FirstLook look = changes.overtaken() || !explained
                ? new FirstLook(
                        before.facts(),
                        explained ? TruncateDoubts.NONE : changes.truncated(),
                        List.of(),
                        changes.unheard())
                : new FirstLook(changes.proven(now), TruncateDoubts.NONE, settled, changes.unheard());
        // Behind the look, which the stream has to explain until its end.
        Optional<Lsn> until = planned.until().isPresent() ? Optional.of(SourceState.end(session)) : Optional.empty();
        warnWhileInUse();
        if (checks.failed()) {
            return Opening.NOTHING;
        }
        if (joining.any()) {
            return grow(streamed.lsn(), look, until, readers);
        }
        Split split = streamSplits.stream(streamed.lsn(), StreamSplits.SNAPSHOT_STAGE);
        return new ResumedStream(job, readers, split, streamed.systemId(), look, until);
    }

    private static Map<Integer, TableName> oids(List<FollowedTable> of) {
        Map<Integer, TableName> oids = new HashMap<>();
        of.forEach(table -> oids.put(table.shape().oid(), table.table()));
        return oids;
    }

    /** Not at once: the server takes a moment to let go of a slot whose run has ended in order. */
    private void warnWhileInUse() throws SQLException {
        Optional<Slot> user = job.state().userAfter(session, MOMENT);
        if (user.isPresent()) {
            checks.warning(
                    "solutionId",
                    "the replication slot " + parameters.slot() + " is in use by "
                            + Slot.holder(session, user.get().activePid())
                            + "; if that run has ended, the server needs a while to notice; the job waits for up to "
                            + parameters.reconnectSeconds() + " s (reconnectSeconds)");
        }
    }

    /** @param written what an earlier attempt may have written to, which has to go first */
    private Opening begin(List<FollowedTable> written, long systemId, StreamReaders readers) throws SQLException {
        List<Split> splits = new ArrayList<>();
        splits.add(
                streamSplits.intention((written.isEmpty() ? "create" : "create again") + " slot " + parameters.slot()));
        SlotSnapshot snapshot = snapshot(tables, new BeginningWork(parameters, job.state(), tables, job.notices()));
        cut(snapshot, tables, splits);
        splits.add(streamSplits.stream(Lsn.NONE, StreamSplits.stageBehind(splits)));
        return new BeginningStream(
                readers, snapshot, List.copyOf(splits), emptied(written), tables, systemId, planned.until());
    }

    private Opening grow(Lsn from, FirstLook look, Optional<Lsn> until, StreamReaders readers) throws SQLException {
        List<FollowedTable> joined = joining.of(tables);
        List<Split> splits = new ArrayList<>();
        splits.add(streamSplits.intention("add to the stream "
                + joined.stream().map(table -> table.table().toString()).collect(Collectors.joining(", "))));
        if (copies() && joining.othersComeFirst(session, tables)) {
            splits.add(streamSplits.catchUp(from));
        }
        SlotSnapshot snapshot = snapshot(joined, new JoiningWork(parameters, joined, job.notices()));
        cut(snapshot, joined, splits);
        splits.add(streamSplits.stream(from, StreamSplits.stageBehind(splits)));
        return new GrowingStream(
                readers, joining, snapshot, List.copyOf(splits), emptied(joining.emptied(tables)), tables, look, until);
    }

    private SlotSnapshot snapshot(List<FollowedTable> of, SlotMaking.Work work) throws SQLException {
        Map<TableName, HeldTables.State> seen = copies()
                ? HeldTables.look(session, of.stream().map(FollowedTable::table).toList())
                : Map.of();
        BeginningSlot slot = new BeginningSlot(
                job.dataSource(), job.applicationName(), parameters, job.state(), of, seen, work, job.notices());
        return new SlotSnapshot(
                slot,
                new SnapshotSource(job.dataSource(), job.applicationName(), parameters.splitFactor(), job.notices()));
    }

    /** Adds the splits of the snapshot, if there is to be one. */
    private void cut(SlotSnapshot snapshot, List<FollowedTable> of, List<Split> splits) throws SQLException {
        if (copies()) {
            splits.addAll(snapshot.cut(
                    session,
                    of,
                    table -> planned.selected().get(table.index()).table(),
                    StreamSplits.stageBehind(splits),
                    channels,
                    checks));
        }
    }

    private List<FollowedTable> emptied(List<FollowedTable> written) {
        return copies() ? written : List.of();
    }

    /** Whether rows come before changes. */
    private boolean copies() {
        return parameters.snapshot() != Snapshot.NEVER;
    }
}
