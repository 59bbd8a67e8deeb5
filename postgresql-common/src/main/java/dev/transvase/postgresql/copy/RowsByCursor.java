package dev.transvase.postgresql.copy;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.transaction.Savepoints;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The careful read of what has no positions: queries, views, foreign tables. A scrollable cursor gives the rows. A row that the
 * server cannot send is passed over: the cursor outlives that. A row that cannot even be computed ends the cursor; then another
 * one leaves that row out, by what it has in the columns that can be computed. After some of these, what is left is read by keys,
 * where there are any.
 */
final class RowsByCursor {

    private static final String CURSOR = "transvase_rows";
    private static final int FEW = 20;

    /** As many rows that cannot be computed make keys worth their while. */
    private static final int MANY_LEFT_OUT = 5;

    /** Of the rows that were handed on the keys are held in memory, 8 bytes each. */
    private static final int MOST_KEYS = 10_000_000;

    private static final String CANNOT_BE_RUN = "55000";
    private static final String NO_SUCH_CURSOR = "34000";

    private final CarefulRead read;
    private final Savepoints savepoints;
    private final RowSink sink;
    private final CursorRows rows;
    private final BadResult bad;

    /** The rows that were handed on, in this read too. */
    private final RowPrefix known;

    /** By their number, the rows that cannot be sent. */
    private final Set<Long> passedOver = new HashSet<>();

    /** From one row to another, not included, only this many rows are read at a time: among them is one that ended the cursor. */
    private long fewFrom;

    private long fewTo;
    private int few;

    RowsByCursor(CarefulRead read, RowSink sink) {
        this.read = read;
        this.savepoints = read.savepoints();
        this.sink = sink;
        this.known = read.handedOn();
        this.rows = new CursorRows(savepoints.session());
        this.bad = new BadResult(read);
    }

    void run() throws SQLException, InterruptedException {
        savepoints.execute("SAVEPOINT transvase_cursor");
        while (!readAll()) {
            savepoints.execute("ROLLBACK TO SAVEPOINT transvase_cursor");
            // Of rows that cannot be sent no key is known.
            if (bad.leftOut() == MANY_LEFT_OUT && passedOver.isEmpty() && known.rows() < MOST_KEYS) {
                Optional<RowKeys> keys = RowKeys.of(read, bad.conditions());
                if (keys.isPresent()) {
                    String all = read.select(RowsByKey.expressions(read, keys.get()), bad.conditions());
                    new RowsByKey(read, sink, keys.get(), bad.leftOut()).run(all);
                    return;
                }
            }
        }
    }

    /** From the first row on; those that were handed on are only compared. False when the cursor has ended before its last row. */
    private boolean readAll() throws SQLException, InterruptedException {
        savepoints.execute("DECLARE " + CURSOR + " BINARY SCROLL CURSOR FOR " + bad.selectAll());
        RowPrefix again = new RowPrefix();
        int size = read.pieceRows();
        long row = 0;
        while (true) {
            boolean before = again.rows() < known.rows();
            int most = size;
            if (row < fewTo) {
                most = (int) Math.min(size, row < fewFrom ? fewFrom - row : Math.min(few, fewTo - row));
            }
            if (before) {
                most = (int) Math.min(most, known.rows() - again.rows());
            }
            List<byte[]> records = new ArrayList<>();
            Optional<SQLException> failed = fetch(most, records);
            if (failed.isPresent()) {
                if (!moveTo(row)) {
                    ended(row, most, before, failed.get());
                    return false;
                }
                if (most == 1) {
                    passOver(row, before, failed.get());
                    moveTo(++row);
                }
                size = Math.max(1, most / 2);
                continue;
            }
            row += records.size();
            take(records, before, again);
            if (records.size() < most) {
                if (before) {
                    throw read.notTheSame();
                }
                savepoints.execute("CLOSE " + CURSOR);
                return true;
            }
            size = Math.min(read.pieceRows(), size * 2);
        }
    }

    private Optional<SQLException> fetch(int most, List<byte[]> into) throws SQLException, InterruptedException {
        return savepoints.attempt(() -> into.addAll(rows.fetch(CURSOR, most)));
    }

    private void take(List<byte[]> records, boolean before, RowPrefix again) throws InterruptedException {
        for (byte[] record : records) {
            again.add(record, 0, record.length);
            if (!before) {
                known.add(record, 0, record.length);
                sink.row(record, 0, record.length);
            }
        }
        if (before && again.rows() == known.rows() && !again.sameAs(known)) {
            throw read.notTheSame();
        }
    }

    /** Puts the cursor on this row, 0 for before the first; false when it has ended. */
    private boolean moveTo(long row) throws SQLException {
        savepoints.execute("SAVEPOINT transvase_move");
        try {
            savepoints.execute("MOVE ABSOLUTE " + row + " FROM " + CURSOR);
            savepoints.execute("RELEASE SAVEPOINT transvase_move");
            return true;
        } catch (SQLException e) {
            String state = SqlErrors.sqlState(e);
            if (!state.equals(CANNOT_BE_RUN) && !state.equals(NO_SUCH_CURSOR)) {
                throw e;
            }
            savepoints.execute("ROLLBACK TO SAVEPOINT transvase_move;\nRELEASE SAVEPOINT transvase_move");
            return false;
        }
    }

    /** A row that the server cannot send. */
    private void passOver(long row, boolean before, SQLException failure) throws SQLException, InterruptedException {
        if (passedOver.add(row)) {
            if (before) {
                throw read.notTheSame();
            }
            sink.unreadable(bad.unsendable(row, failure));
        }
    }

    /** The server could not compute one of these rows. */
    private void ended(long row, int count, boolean before, SQLException failure)
            throws SQLException, InterruptedException {
        if (count > 1) {
            fewFrom = row;
            fewTo = row + count;
            few = count > FEW ? FEW : 1;
        } else if (before) {
            throw read.notTheSame();
        } else {
            savepoints.execute("ROLLBACK TO SAVEPOINT transvase_cursor");
            sink.unreadable(bad.leaveOut(row, failure));
        }
    }
}
