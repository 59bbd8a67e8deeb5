package dev.transvase.postgresql.writer.changes;

import static dev.transvase.postgresql.writer.error.WriterErrors.ERROR_LIMIT_NOT_ENFORCED;
import static dev.transvase.postgresql.writer.error.WriterErrors.STREAM_IN_USE;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.writer.batch.RecordSize;
import dev.transvase.postgresql.writer.changes.apply.ChangeBuffer;
import dev.transvase.postgresql.writer.changes.apply.ChangeGroup;
import dev.transvase.postgresql.writer.changes.apply.ChangeTables;
import dev.transvase.postgresql.writer.changes.apply.ChangedTables;
import dev.transvase.postgresql.writer.changes.apply.OrderedApplier;
import dev.transvase.postgresql.writer.changes.apply.Refusals;
import dev.transvase.postgresql.writer.changes.apply.SetApplier;
import dev.transvase.postgresql.writer.changes.statement.ChangeStatements;
import dev.transvase.postgresql.writer.parameter.SkippedByTarget;
import dev.transvase.postgresql.writer.session.ApplySession;
import dev.transvase.postgresql.writer.session.Commits;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Position;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.core.BaseConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a stream of changes exactly once: whole transactions of the source, one or many at a time, each time together with
 * the position behind them in one transaction. A transaction of the source that is too large to be kept is sent piece by
 * piece in one of ours.
 *
 * <p>What is kept is applied again after a conflict or a loss of the connection, which cannot repeat anything: each
 * transaction first replaces the position that was stored before it, and finds another one if it was committed already.
 */
final class ChangeApplier implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ChangeApplier.class);

    private final ApplySession session;
    private final ChangeTables tables;
    private final PositionTable positions;
    private final RunLock lock;
    private final String split;
    private final WriteJournal journal;
    private final ReportedRefusals reported;
    private final SkippedByTarget skipped;
    private final ChangeBuffer buffer =
            ChangeBuffer.fitting(Runtime.getRuntime().maxMemory());

    private SetApplier applier;

    /** What is stored. */
    private Position stored;

    /** Whether pieces of a transaction were sent that is not committed. */
    private boolean open;

    /** Of these pieces. */
    private Refusals pieces = new Refusals();

    /** By these pieces. */
    private final ChangedTables changed = new ChangedTables();

    /** Whether constraints that may wait are checked at the end of the transaction whose pieces are sent. */
    private boolean deferred;

    /**
     * @param session taken over: closed with this
     * @param stored what is stored for the stream
     * @param skipped whether the target may leave out rows that are to be inserted
     */
    ChangeApplier(
            ApplySession session,
            ChangeTables tables,
            PositionTable positions,
            RunLock lock,
            String split,
            Position stored,
            WriteJournal journal,
            SkippedByTarget skipped)
            throws SQLException {
        this.session = session;
        this.tables = tables;
        this.positions = positions;
        this.lock = lock;
        this.split = split;
        this.stored = stored;
        this.journal = journal;
        this.reported = new ReportedRefusals(journal);
        this.skipped = skipped;
        this.applier = newApplier();
    }

    private SetApplier newApplier() throws SQLException {
        return new SetApplier(
                session.jdbc().unwrap(BaseConnection.class), tables, new ChangeStatements(session.session(), skipped));
    }

    /** Takes changes over. Applies what is there when that is much. */
    void write(RecordBatch batch, BatchEnd end) {
        guarded(() -> {
            if (tables.addsColumns(batch)) {
                applyAll();
            }
            buffer.add(batch, end);
            if (buffer.full()) {
                applyWhole();
            }
            if (buffer.full()) {
                apply(buffer.takePiece(), false);
            }
        });
    }

    /**
     * Applies all there is. So what was changed before a column was added is at the target before the column is: these rows get
     * what the source's rows got.
     */
    private void applyAll() {
        applyWhole();
        if (!buffer.isEmpty()) {
            apply(buffer.takePiece(), false);
        }
    }

    /** Applies all whole transactions. */
    void flush() {
        guarded(this::applyWhole);
    }

    private void applyWhole() {
        if (buffer.hasWhole()) {
            apply(buffer.takeWhole(), true);
        }
    }

    private void guarded(Runnable work) {
        session.requireNotCancelled(null);
        try {
            work.run();
        } catch (TransvaseException e) {
            if (e.type() == ErrorType.EXTERNAL) {
                session.requireNotCancelled(e);
            }
            throw e;
        }
    }

    /** @param commits whether the group ends with a whole transaction */
    private void apply(ChangeGroup group, boolean commits) {
        if (commits && group.size() == 0 && !open && group.resumePosition().equals(stored)) {
            return;
        }
        Refusals refusals;
        try {
            refusals = applyUntilDone(group, commits);
        } catch (OutOfMemoryError e) {
            throw RecordSize.outOfMemory("applying changes of " + names(group), group.batches(), e);
        }
        pieces.addAll(refusals);
        open = !commits;
        if (open && tables.references().act()) {
            changed.add(group, tables);
        }
        if (commits) {
            changed.clear();
            deferred = false;
            Refusals all = pieces;
            pieces = new Refusals();
            session.progress();
            tables.committed();
            stored = group.resumePosition();
            reported.clear();
            all.book(journal);
        }
    }

    private Refusals applyUntilDone(ChangeGroup group, boolean commits) {
        Refusals doubtful = null;
        while (true) {
            Refusals refusals = new Refusals();
            try {
                if (!begin(group, commits)) {
                    requireCommitted(group, doubtful != null);
                    return doubtful;
                }
                applyOnce(group, commits, refusals);
                if (commits) {
                    tell(refusals, group.resumePosition().description());
                    journal.secure();
                    session.commit();
                }
                return refusals;
            } catch (Commits.InDoubtException e) {
                doubtful = refusals;
                recover(e, group);
                if (open) {
                    requireCommitted(e, group);
                    return doubtful;
                }
            } catch (SQLException e) {
                recover(e, group);
            }
        }
    }

    /** Makes sure that nobody else goes on from the stored position; false when somebody has. */
    private boolean begin(ChangeGroup group, boolean commits) throws SQLException {
        if (open) {
            tables.prepare(group, session.session()); // not to be undone with changes that are refused
            session.execute("SAVEPOINT piece");
            return true;
        }
        deferred = false;
        session.session().requireSameServerSession();
        boolean begun = commits
                ? positions.advance(session.jdbc(), split, stored, group.resumePosition())
                : positions.lock(session.jdbc(), split).equals(stored);
        if (begun && commits) {
            defer();
        }
        return begun;
    }

    /** What may be checked at the end is: the source's statements were whole, ours change its rows in several steps. */
    private void defer() throws SQLException {
        if (tables.references().deferrable()) {
            session.execute("SET CONSTRAINTS ALL DEFERRED");
        }
    }

    private void requireCommitted(ChangeGroup group, boolean doubtful) throws SQLException {
        session.rollback();
        Position found = positions.read(session.jdbc(), split);
        session.rollback();
        if (!doubtful || !found.equals(group.resumePosition())) {
            throw moved(found);
        }
        log.info("the last commit succeeded");
    }

    private void requireCommitted(Commits.InDoubtException doubt, ChangeGroup group) {
        try {
            Position found = positions.lock(session.jdbc(), split);
            session.rollback();
            if (!found.equals(group.resumePosition())) {
                throw failure(doubt.error(), group);
            }
        } catch (SQLException e) {
            doubt.addSuppressed(e);
            throw failure(doubt.error(), group);
        }
    }

    private TransvaseException moved(Position found) {
        return TransvaseException.of(
                STREAM_IN_USE,
                "another run has applied changes of " + split + " in the meantime, up to " + described(found)
                        + "; this one was at " + described(stored) + ". Run only one of them",
                null);
    }

    private static String described(Position position) {
        return position.equals(Position.START) ? "its start" : position.description();
    }

    private void applyOnce(ChangeGroup group, boolean commits, Refusals refusals) throws SQLException {
        try {
            tables.prepare(group, session.session());
            applier.apply(group, 0, group.size());
            end(group, commits);
            refusals.count(group);
        } catch (SQLException e) {
            if (!OrderedApplier.isRefusal(e)) {
                throw e;
            }
            if (applyDeferred(group, commits, refusals)) {
                return;
            }
            log.debug("applying {} changes one by one, as they are rejected together", group.size(), e);
            if (!applyInOrder(group, commits, false, refusals)) {
                applyInOrder(group, commits, true, refusals);
            }
        }
    }

    /**
     * Applies a piece that is refused once more, with what may be checked at the end left until then. Not at first: a change that
     * violates such a constraint is then no longer found in its piece, and ends the run.
     *
     * @return false when that is of no use
     */
    private boolean applyDeferred(ChangeGroup group, boolean commits, Refusals refusals) throws SQLException {
        if ((commits && !open) || deferred || !tables.references().deferrable()) {
            return false;
        }
        startAgain(group, commits);
        defer();
        try {
            applier.apply(group, 0, group.size());
            end(group, commits);
        } catch (SQLException e) {
            if (!OrderedApplier.isRefusal(e)) {
                throw e;
            }
            return false;
        }
        deferred = true;
        refusals.count(group);
        return true;
    }

    /** Checks what else is checked at the commit only, and stores the position if that has not been done yet. */
    private void end(ChangeGroup group, boolean commits) throws SQLException {
        if (commits && tables.references().deferrable()) {
            session.execute("SET CONSTRAINTS ALL IMMEDIATE");
        }
        if (commits && open && !positions.advance(session.jdbc(), split, stored, group.resumePosition())) {
            throw moved(positions.read(session.jdbc(), split));
        }
    }

    /**
     * @param immediate whether all constraints are checked with each change, so that it is known which one violates them
     * @return false when only the check at the end was failed
     */
    private boolean applyInOrder(ChangeGroup group, boolean commits, boolean immediate, Refusals refusals)
            throws SQLException {
        startAgain(group, commits);
        if (immediate) {
            session.execute("SET CONSTRAINTS ALL IMMEDIATE");
        } else if (!journalTolerates()) {
            defer();
            deferred = true;
        }
        Refusals found = new Refusals();
        found.count(group);
        long tolerance = journal.tolerance() + reported.size() - pieces.size();
        if (!new OrderedApplier(session, applier, tables, group, found, tolerance, changed).apply()) {
            session.rollback();
            tell(found, "");
            throw TransvaseException.of(
                    ERROR_LIMIT_NOT_ENFORCED,
                    found.size() + " bad changes exceed the tolerated number, but reporting them did not end the run",
                    null);
        }
        try {
            end(group, commits);
        } catch (SQLException e) {
            if (immediate || !OrderedApplier.isRefusal(e)) {
                throw e;
            }
            return false;
        }
        refusals.addAll(found);
        return true;
    }

    /** Tells of what this and the pieces before it were refused. */
    private void tell(Refusals last, String end) {
        List<DirtyRecord> refused = new ArrayList<>(pieces.refused(end));
        refused.addAll(last.refused(end));
        reported.tell(refused);
    }

    private boolean journalTolerates() {
        return journal.tolerance() + reported.size() > pieces.size();
    }

    /** Undoes what was done of this group. */
    private void startAgain(ChangeGroup group, boolean commits) throws SQLException {
        if (open) {
            session.execute("ROLLBACK TO SAVEPOINT piece");
            return;
        }
        session.rollback();
        tables.rolledBack();
        if (!begin(group, commits)) {
            Position found = positions.read(session.jdbc(), split);
            throw moved(found);
        }
        tables.prepare(group, session.session());
    }

    /** Makes ready for a group to be applied again. Throws what ends the run when that is not possible. */
    private void recover(SQLException error, ChangeGroup group) {
        if (open && !(error instanceof Commits.InDoubtException)) {
            throw failure(error, group);
        }
        try {
            if (session.recover(error)) {
                holdLock();
                applier = newApplier();
            }
            tables.rolledBack();
        } catch (SQLException e) {
            throw failure(e, group);
        }
    }

    private void holdLock() {
        try {
            lock.hold();
        } catch (TransvaseException e) {
            if (!SqlErrors.isPassing(e)) {
                throw e;
            }
            log.warn(
                    "continuing without the lock that keeps out a second run, which would be detected later: {}",
                    e.getMessage());
        }
    }

    private TransvaseException failure(SQLException error, ChangeGroup group) {
        return SqlErrors.translateWriting(error, "applying changes of " + names(group));
    }

    private String names(ChangeGroup group) {
        String names = group.batches().stream()
                .filter(batch -> batch.size() > 0)
                .map(batch -> batch.schema().table().toString())
                .distinct()
                .limit(10)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? split : names;
    }

    /** Called from any thread. */
    void cancel() {
        session.cancel();
    }

    @Override
    public void close() {
        session.close();
    }
}
