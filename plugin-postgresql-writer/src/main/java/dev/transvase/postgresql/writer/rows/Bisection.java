package dev.transvase.postgresql.writer.rows;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.writer.batch.DirtyRecords;
import dev.transvase.postgresql.writer.batch.TakenRows;
import dev.transvase.postgresql.writer.batch.WriteBatch;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the records that the server refuses and has the others written, by halves: one bad record among n costs about
 * 1.5 log n attempts.
 *
 * <p>A record may be refused only because one that it refers to comes later. So those that violate a foreign key are
 * tried once more together in the end, for as long as that helps. Where a later record replaces an earlier one, those that
 * were written are written once more too, so that the order stays. Or the search ends at the first of them, where what comes
 * after it must not be committed before its outcome is known.
 */
final class Bisection {

    /** How many records that violate a foreign key are found beyond the tolerance before they are given up. */
    private static final int REFERENCES_TO_TRY_AGAIN = 1024;

    private final Attempt attempt;
    private final long tolerance;
    private final boolean replacing;
    private final boolean endsAtReference;

    /** In their order, those that were written and those that lack what they refer to. */
    private final List<WriteBatch> passed = new ArrayList<>();

    private final List<WriteBatch> written = new ArrayList<>();

    /** What the server says of {@link #written}. */
    private final TakenRows taken = new TakenRows();

    private List<Refused> refused = new ArrayList<>();
    private long lackReference;

    /** The largest number of records that were not taken as one. */
    private long triedTogether;

    /** Whether the search has ended because a record lacks what it refers to. */
    private boolean ended;

    /** Writes records so that they either stay or leave nothing behind. */
    @FunctionalInterface
    interface Attempt {

        /** Writes these, and tells what the server took; throws when it refused, and nothing of them is left then. */
        TakenRows write(List<WriteBatch> batches) throws SQLException;
    }

    /** A record that was refused, and why. */
    record Refused(WriteBatch record, SQLException error) {
        boolean lacksReference() {
            return SqlErrors.sqlState(error).equals(DirtyRecords.FOREIGN_KEY_VIOLATION);
        }
    }

    /**
     * @param tolerance after more bad records than this the search ends
     * @param replacing whether a record may replace one that was written before it
     */
    Bisection(Attempt attempt, long tolerance, boolean replacing) {
        this(attempt, tolerance, replacing, false);
    }

    private Bisection(Attempt attempt, long tolerance, boolean replacing, boolean endsAtReference) {
        this.attempt = attempt;
        this.tolerance = tolerance;
        this.replacing = replacing;
        this.endsAtReference = endsAtReference;
    }

    /** One whose search ends at the first record that lacks what it refers to; {@link #left} then has that and all after it. */
    static Bisection toReference(Attempt attempt, long tolerance) {
        return new Bisection(attempt, tolerance, false, true);
    }

    /**
     * Writes what of these can be written.
     *
     * @param knownBad whether they are known not to be taken as a whole
     * @return false when there were too many bad ones, or it ended at a reference: not all have been tried then
     * @throws SQLException when it is not the data's fault
     */
    boolean search(List<WriteBatch> batches, boolean knownBad) throws SQLException {
        long records = records(batches);
        if (records == 0) {
            return true;
        }
        if (records == 1 || !knownBad) {
            try {
                taken.addAll(attempt.write(batches));
                written.addAll(batches);
                passed.addAll(batches);
                return true;
            } catch (SQLException e) {
                if (!SqlErrors.isDirty(e)) {
                    throw e;
                }
                if (records == 1) {
                    return refuse(new Refused(batches.get(0), e));
                }
            }
        }
        triedTogether = Math.max(triedTogether, records);
        long half = records / 2;
        int before = refused.size();
        if (!search(range(batches, 0, half), false)) {
            return false;
        }
        boolean leftIsGood = refused.size() == before;
        return search(range(batches, half, records), leftIsGood);
    }

    /**
     * Tries the records again that lacked what they refer to. To be called once, after all searches; where records
     * replace others, only if to write a record twice is not to count it twice.
     */
    boolean searchReferences() throws SQLException {
        boolean helped = true;
        while (helped && lackReference > 0 && !isHopeless()) {
            List<WriteBatch> again = new ArrayList<>();
            List<Refused> others = new ArrayList<>();
            for (Refused one : refused) {
                if (one.lacksReference()) {
                    again.add(one.record());
                } else {
                    others.add(one);
                }
            }
            refused = others;
            lackReference = 0;
            long before = records(written);
            if (replacing) {
                again = List.copyOf(passed);
                written.clear();
                taken.clear();
            }
            passed.clear();
            if (!search(WriteBatch.merge(again), false)) {
                return false;
            }
            helped = records(written) > before;
        }
        return refused.size() <= tolerance;
    }

    /** Whether nothing has come that they could refer to, and not even all of them together were taken. */
    private boolean isHopeless() {
        boolean together = lackReference == 1 || (lackReference == triedTogether && lackReference == refused.size());
        return written.isEmpty() && together;
    }

    /** The records that were written, in the order in which they were. */
    List<WriteBatch> written() {
        return written;
    }

    /** What the server says of those that were written. */
    TakenRows taken() {
        return taken;
    }

    List<Refused> refused() {
        return refused;
    }

    /**
     * Where the only search ended at a reference.
     *
     * @param batches what was searched
     * @return the record that lacks what it refers to and those after it; empty when the search did not end there
     */
    List<WriteBatch> left(List<WriteBatch> batches) {
        return ended ? range(batches, records(written) + refused.size(), records(batches)) : List.of();
    }

    private boolean refuse(Refused one) {
        if (endsAtReference && one.lacksReference()) {
            ended = true;
            return false;
        }
        refused.add(one);
        if (one.lacksReference()) {
            lackReference++;
            passed.add(one.record());
        }
        return refused.size() - lackReference <= tolerance && lackReference - REFERENCES_TO_TRY_AGAIN <= tolerance;
    }

    private static long records(List<WriteBatch> batches) {
        long sum = 0;
        for (WriteBatch batch : batches) {
            sum += batch.records();
        }
        return sum;
    }

    private static List<WriteBatch> range(List<WriteBatch> batches, long from, long to) {
        List<WriteBatch> range = new ArrayList<>();
        long start = 0;
        for (WriteBatch batch : batches) {
            int first = (int) Math.max(from - start, 0);
            int last = (int) Math.min(to - start, batch.records());
            if (first < last) {
                range.add(first == 0 && last == batch.records() ? batch : batch.slice(first, last));
            }
            start += batch.records();
        }
        return range;
    }
}
