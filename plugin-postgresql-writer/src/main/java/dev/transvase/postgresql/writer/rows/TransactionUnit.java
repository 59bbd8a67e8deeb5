package dev.transvase.postgresql.writer.rows;

import static dev.transvase.postgresql.writer.error.WriterErrors.ERROR_LIMIT_NOT_ENFORCED;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.writer.batch.DirtyRecords;
import dev.transvase.postgresql.writer.batch.RecordSize;
import dev.transvase.postgresql.writer.batch.SuspectRowException;
import dev.transvase.postgresql.writer.batch.TakenRows;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import dev.transvase.postgresql.writer.rows.Bisection.Refused;
import dev.transvase.postgresql.writer.rows.RefusedValues.SetBack;
import dev.transvase.postgresql.writer.session.Commits;
import dev.transvase.postgresql.writer.session.TargetSession;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.TransvaseException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Batches that are committed together. They are kept until then: when the server refuses one for its data, all are rolled
 * back and written again with care, and only the bad records are left out.
 *
 * <p>A unit that got into a deadlock or a serialization failure, or whose connection was lost, is written again after a
 * pause, which cannot repeat a record, since nothing of it is left. Whatever else goes wrong ends the run.
 */
final class TransactionUnit {

    private static final long MAX_BYTES = 4L << 20;
    private static final int MAX_BATCHES = 64;
    private static final String BACK_TO_SAVEPOINT = "ROLLBACK TO SAVEPOINT batch";
    private static final String LATER = "SET CONSTRAINTS ALL DEFERRED";

    private final TargetSession target;
    private final WriteJournal journal;
    private final SkippedRecords skipped;

    /** Whether a unit is sent as one statement. */
    private boolean gathers;

    private final RefusedValues refusedValues;
    private final Bookings bookings;
    private final List<WriteBatch> sent = new ArrayList<>();
    private long bytes;

    /** What finds the bad records among those that are written in transactions of their own. */
    private Bisection searching;

    /** Records of the unit that were reported as bad, and so are not written again. */
    private final Set<Refused> reported = Collections.newSetFromMap(new IdentityHashMap<>());

    /** How many batches a unit may have: one after bad records, so that many of them are not many large repetitions. */
    private int allowance = MAX_BATCHES;

    /**
     * @param skipped judges whether the target took what it was sent
     * @param gathers whether a unit is sent as one statement, which meets its rows in the order of their keys: transactions that do so
     *     wait for each other, and never in a circle. Otherwise that begins once many records have the same keys, since a row
     *     that a transaction writes again and again is slower each time
     */
    TransactionUnit(TargetSession target, WriteJournal journal, SkippedRecords skipped, boolean gathers) {
        this.gathers = gathers;
        this.target = target;
        this.journal = journal;
        this.skipped = skipped;
        this.refusedValues = new RefusedValues(target);
        this.bookings = new Bookings(journal);
    }

    /** Sends a batch, and commits when there is enough to. */
    void add(WriteBatch batch) {
        if (gathers && !sent.isEmpty() && !fits(batch)) {
            commit();
        }
        sent.add(batch);
        bytes += batch.size();
        try {
            if (!gathers) {
                send(batch);
            }
        } catch (SQLException e) {
            writeAgain(e, false);
            return;
        }
        if (bytes >= MAX_BYTES || sent.size() >= allowance) {
            commit();
        }
    }

    /** Whether a batch can be sent in one statement with those that are there. */
    private boolean fits(WriteBatch batch) {
        return sent.get(0).table() == batch.table() && bytes + batch.size() <= MAX_BYTES;
    }

    /** Makes all that was added durable. */
    void commit() {
        if (sent.isEmpty()) {
            return;
        }
        try {
            if (gathers) {
                sendGathered();
            } else {
                finish();
            }
        } catch (SQLException e) {
            writeAgain(e, false);
            return;
        }
        TakenRows taken = target.taken();
        skipped.requireNone(taken, sent);
        try {
            commitSent();
        } catch (SQLException e) {
            writeAgain(e, true);
            return;
        }
        List<WriteBatch> durable = List.copyOf(sent);
        clear();
        allowance = Math.min(2 * allowance, MAX_BATCHES);
        bookings.add(durable, taken);
        gathers |= taken.manyRepeated();
    }

    /** Sends all that was added as one statement, again after what may pass. */
    private void sendGathered() throws SQLException {
        List<WriteBatch> gathered = WriteBatch.merge(sent);
        while (true) {
            try {
                sendAll(gathered);
                return;
            } catch (SQLException e) {
                if (SqlErrors.isDirty(e)) {
                    throw e;
                }
                try {
                    target.recover(e);
                } catch (SQLException last) {
                    throw failure(last);
                }
            }
        }
    }

    private void clear() {
        sent.clear();
        reported.clear();
        bytes = 0;
    }

    /** @param atCommit whether the server said so only at the commit: if it is the data's fault, by a deferred constraint */
    private void writeAgain(SQLException error, boolean atCommit) {
        allowance = 1;
        boolean dirty = SqlErrors.isDirty(error);
        try {
            if (dirty) {
                target.rollback();
            } else {
                target.recover(error);
            }
            if (gathers) {
                List<WriteBatch> left = writeInTransactions(WriteBatch.merge(sent), dirty, Bisection::toReference);
                sent.clear();
                sent.addAll(left);
            }
            // A unit of one batch is that which was refused; among several it is not known which.
            boolean knownBad = dirty && sent.size() == 1 && !gathers;
            boolean checked = gathers || (dirty && atCommit);
            if (!sent.isEmpty() && !writeWithCare(knownBad, checked) && (checked || !writeWithCare(false, true))) {
                writeInTransactions(
                        List.copyOf(sent), true, (attempt, tolerance) -> new Bisection(attempt, tolerance, false));
            }
        } catch (SQLException e) {
            throw failure(e);
        }
        clear();
    }

    /** As {@link #writeUnderSavepoints}, as often as it takes. */
    private boolean writeWithCare(boolean knownBad, boolean checked) throws SQLException {
        boolean known = knownBad;
        while (true) {
            try {
                return writeUnderSavepoints(known, checked);
            } catch (SQLException e) {
                target.recover(e);
                known = false;
            }
        }
    }

    /**
     * Writes the unit as one transaction without its bad records.
     *
     * @param knownBad whether the unit, which is one batch then, is known not to be taken
     * @param checked whether constraints that may wait for the commit are checked with what is tried, not at the commit only
     * @return false when only the commit was refused; all is rolled back then
     */
    private boolean writeUnderSavepoints(boolean knownBad, boolean checked) throws SQLException {
        Bisection bisection =
                new Bisection(batches -> tryUnderSavepoint(batches, checked), journal.tolerance(), replaces());
        for (WriteBatch batch : sent) {
            target.guard(batch); // before the savepoint, which would let go of it
        }
        if (checked) {
            target.execute(LATER);
        }
        target.execute("SAVEPOINT batch");
        boolean bearable = true;
        for (int i = 0; bearable && i < sent.size(); i++) {
            bearable = bisection.search(List.of(sent.get(i)), knownBad);
        }
        bearable = bearable && bisection.searchReferences();
        if (!bearable) {
            target.rollback();
            throw passed(bisection.refused());
        }
        skipped.requireNone(bisection.taken(), sent);
        List<WriteBatch> good = List.copyOf(bisection.written());
        tell(bisection.refused(), this::backToSavepoint);
        // Should the commit fail, only these are written again.
        sent.clear();
        sent.addAll(good);
        try {
            commitSent();
        } catch (SQLException e) {
            if (!SqlErrors.isDirty(e)) {
                throw e;
            }
            target.rollback();
            return false;
        }
        bookings.add(good, bisection.taken());
        return true;
    }

    private TakenRows tryUnderSavepoint(List<WriteBatch> batches, boolean checked) throws SQLException {
        try {
            sendAll(batches);
            if (checked) {
                check();
            }
        } catch (SQLException e) {
            if (SqlErrors.isDirty(e)) {
                target.abandon();
                backToSavepoint();
                requireReason(batches, e, this::backToSavepoint);
            }
            throw e;
        }
        target.execute("RELEASE SAVEPOINT batch; SAVEPOINT batch");
        return target.taken();
    }

    /** Has the server check now what it would check at the commit. */
    private void check() throws SQLException {
        try {
            target.execute("SET CONSTRAINTS ALL IMMEDIATE");
        } catch (SQLException e) {
            throw judgedLate(e);
        }
        target.execute(LATER);
    }

    private void backToSavepoint() throws SQLException {
        target.execute(BACK_TO_SAVEPOINT);
        target.taken();
    }

    private void sendAll(List<WriteBatch> batches) throws SQLException {
        for (WriteBatch batch : batches) {
            send(batch);
        }
        finish();
    }

    private void send(WriteBatch batch) throws SQLException {
        try {
            target.send(batch);
        } catch (SQLException e) {
            throw judged(e);
        } catch (OutOfMemoryError e) {
            throw RecordSize.outOfMemory(batch, e);
        }
    }

    private void finish() throws SQLException {
        try {
            target.finish();
        } catch (SQLException e) {
            throw judged(e);
        }
    }

    private void commitSent() throws SQLException {
        journal.secure();
        try {
            target.commit();
        } catch (Commits.InDoubtException e) {
            throw e;
        } catch (SQLException e) {
            throw judgedLate(e);
        }
    }

    /** The error of what was left for the end of the transaction, such as a deferred trigger: as {@link #judged}. */
    private static SQLException judgedLate(SQLException error) {
        return SqlErrors.mayBeOfOneRow(error) ? new SuspectRowException(error) : error;
    }

    /** The error, or one that has the records looked at one by one when one of them may be the reason of it. */
    private SQLException judged(SQLException error) {
        boolean possible = SqlErrors.mayBeOfOneRow(error)
                || (SuspectRowException.isOfText(error)
                        && sent.stream().anyMatch(batch -> batch.target().readsTextOfOtherTypes()));
        return possible ? new SuspectRowException(error) : error;
    }

    /**
     * Ends the run unless the one record is to blame: either one of its values cannot be read, or the statement that failed with
     * it works without any record.
     *
     * @param setBack makes the transaction usable again; nothing that is tried here is left after it
     */
    private void requireReason(List<WriteBatch> batches, SQLException error, SetBack setBack) throws SQLException {
        boolean single = batches.size() == 1 && batches.get(0).records() == 1;
        if (!single || !(error instanceof SuspectRowException suspect)) {
            return;
        }
        boolean guilty = SqlErrors.mayBeOfOneRow(suspect.reported())
                ? worksWithoutRecords(batches.get(0))
                : refusedValues.find(batches.get(0), suspect, setBack).isPresent();
        setBack.run();
        if (!guilty) {
            throw suspect.reported();
        }
    }

    private boolean worksWithoutRecords(WriteBatch record) throws SQLException {
        try {
            target.send(WriteBatch.of(record.table(), record.target(), List.of()));
            target.finish();
            return true;
        } catch (SQLException e) {
            if (SqlErrors.isRetryable(e)) {
                throw e;
            }
            target.abandon();
            return false;
        }
    }

    /**
     * Commits what is written at once: where a transaction is to be one statement, and for what is found out at the commit only.
     *
     * @param knownBad whether the batches are known not to be taken as a whole
     * @param search how the bad records are found; each is final, as more is committed after it
     * @return what the search has left
     */
    private List<WriteBatch> writeInTransactions(List<WriteBatch> batches, boolean knownBad, Search search)
            throws SQLException {
        Bisection bisection = search.with(this::tryInTransaction, journal.tolerance());
        searching = bisection;
        boolean whole = bisection.search(batches, knownBad);
        List<WriteBatch> left = bisection.left(batches);
        if (!whole && left.isEmpty()) {
            throw passed(bisection.refused());
        }
        tell(bisection.refused(), target::rollback);
        return left;
    }

    /** Makes what finds bad records. */
    @FunctionalInterface
    private interface Search {

        Bisection with(Bisection.Attempt attempt, long tolerance);
    }

    private TakenRows tryInTransaction(List<WriteBatch> batches) throws SQLException {
        tell(searching.refused(), target::rollback); // before the commit of what comes after them
        while (true) {
            try {
                sendAll(batches);
                TakenRows taken = target.taken();
                skipped.requireNone(taken, batches);
                commitSent();
                bookings.add(batches, taken);
                return taken;
            } catch (SQLException e) {
                if (isRefused(batches, e)) {
                    throw e;
                }
            }
        }
    }

    /** Whether the records are to blame for an error that a transaction ended with; else it can be tried again. */
    private boolean isRefused(List<WriteBatch> batches, SQLException error) throws SQLException {
        SQLException cause = error;
        if (SqlErrors.isDirty(error)) {
            target.rollback();
            try {
                requireReason(batches, error, target::rollback);
                return true;
            } catch (SQLException e) {
                cause = e;
            }
        }
        target.recover(cause);
        return false;
    }

    /** Whether a record may replace one that was sent before it. */
    private boolean replaces() {
        return sent.stream().anyMatch(batch -> batch.target().key().isPresent());
    }

    /** @param setBack undoes what is tried to find out what is wrong with them */
    private void tell(List<Refused> refused, SetBack setBack) {
        for (Refused one : refused) {
            if (reported.add(one)) {
                DirtyRecords.Told known = refusedValues.describe(one.record(), one.error(), setBack);
                journal.dirty(DirtyRecords.refused(one.record(), one.error(), known));
            }
        }
    }

    /** Reports records that are more than the job bears, which ends it. */
    private TransvaseException passed(List<Refused> refused) {
        tell(refused, target::rollback);
        return TransvaseException.of(
                ERROR_LIMIT_NOT_ENFORCED,
                refused.size() + " bad records exceed the tolerated number, but reporting them did not end the run",
                null);
    }

    private TransvaseException failure(SQLException error) {
        return WriteFailures.of(error, target.current().map(List::of).orElse(sent), sent);
    }
}
