package dev.transvase.postgresql.copy;

import static dev.transvase.postgresql.error.PostgresErrors.ROWS_GONE;

import dev.transvase.postgresql.copy.BadRow.Single;
import dev.transvase.postgresql.transaction.Savepoints;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.TransvaseException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The careful read of a table: a cursor gives the positions of the rows, and the rows are read by these, some hundred at a time.
 */
final class RowsByPosition implements Halving.Lookup<RowId> {

    private static final String CURSOR = "transvase_positions";
    private static final int POSITIONS = 500;

    /** A row with its position begins with two fields, of 4 and of 6 bytes. */
    private static final int POSITION_BYTES = Integer.BYTES + Integer.BYTES + Integer.BYTES + 6;

    private final CarefulRead read;
    private final Savepoints savepoints;
    private final RowSink sink;
    private final Halving<RowId> halving;
    private final BadRow badRow;
    private final RowPlaces places;
    private final Leaves leaves;
    private final RowPrefix again = new RowPrefix();

    /** The conditions that rows are looked up by; those that fail for a row are left to reading it. */
    private final List<String> looked = new ArrayList<>();

    private final List<String> left = new ArrayList<>();

    RowsByPosition(CarefulRead read, RowSink sink) {
        this.read = read;
        this.savepoints = read.savepoints();
        this.sink = sink;
        this.halving = new Halving<>(savepoints, sink, this);
        this.badRow = new BadRow(read);
        this.places = new RowPlaces(read);
        this.leaves = new Leaves(read);
    }

    void run() throws SQLException, InterruptedException {
        chooseConditions();
        savepoints.execute(declare(looked));
        int piece = read.pieceRows();
        List<RowId> rows = fetch();
        while (!rows.isEmpty()) {
            for (int from = 0; from < rows.size(); ) {
                int to = Math.min(rows.size(), from + piece);
                from = take(rows.subList(from, to)) + from;
            }
            rows = fetch();
        }
        requireSame();
        savepoints.execute("CLOSE " + CURSOR);
    }

    private String declare(List<String> conditions) {
        return "DECLARE " + CURSOR + " NO SCROLL CURSOR FOR " + read.select(List.of("tableoid", "ctid"), conditions);
    }

    private void chooseConditions() throws SQLException, InterruptedException {
        looked.addAll(read.task().conditions());
        if (looked.isEmpty() || passes(looked)) {
            return;
        }
        looked.clear();
        for (String condition : read.task().conditions()) {
            (passes(List.of(condition)) ? looked : left).add(condition);
        }
    }

    private boolean passes(List<String> conditions) throws SQLException, InterruptedException {
        return savepoints
                .attempt(() ->
                        savepoints.execute(declare(conditions) + ";\nMOVE ALL FROM " + CURSOR + ";\nCLOSE " + CURSOR))
                .isEmpty();
    }

    private List<RowId> fetch() throws SQLException {
        return savepoints.query("FETCH " + POSITIONS + " FROM " + CURSOR).stream()
                .map(row -> new RowId(Long.parseLong(row.get(0)), row.get(1)))
                .toList();
    }

    /** Reads some of these, from the first on, and tells how many it has read. */
    private int take(List<RowId> rows) throws SQLException, InterruptedException {
        if (again.rows() == read.handedOn().rows()) {
            requireSame();
            for (List<RowId> piece : byTable(rows)) {
                halving.read(piece);
            }
            return rows.size();
        }
        int size = rows.size();
        while (!readAgain(rows.subList(0, size))) {
            if (size == 1) {
                throw read.notTheSame(); // it came before, and does not now
            }
            size /= 2;
        }
        return size;
    }

    private void requireSame() {
        if (!again.sameAs(read.handedOn())) {
            throw read.notTheSame();
        }
    }

    /** Rows that were handed on before, and perhaps some more; false when one of them cannot be read. */
    private boolean readAgain(List<RowId> rows) throws SQLException, InterruptedException {
        Map<RowId, byte[]> records = new HashMap<>();
        for (List<RowId> piece : byTable(rows)) {
            boolean good = savepoints
                    .attempt(() -> copy(
                            piece,
                            (row, message, start) ->
                                    records.put(row, Arrays.copyOfRange(message, start, message.length))))
                    .isEmpty();
            if (!good) {
                return false;
            }
        }
        requireAll(rows, records.keySet());
        for (RowId row : rows) {
            byte[] record = records.get(row);
            if (record == null) {
                continue; // it does not meet a condition
            }
            if (again.rows() < read.handedOn().rows()) {
                again.add(record, 0, record.length);
            } else {
                requireSame();
                sink.row(record, 0, record.length);
            }
        }
        return true;
    }

    @Override
    public DirtyRecord unreadable(RowId row, SQLException failure) throws SQLException, InterruptedException {
        Single single = new Single(leaves.from(row.table()), RowId.condition(List.of(row)));
        return badRow.at(single, places.of(row, single), failure);
    }

    @Override
    public void requireAll(List<RowId> rows, Set<RowId> seen) {
        if (left.isEmpty() && seen.size() != rows.size()) {
            throw TransvaseException.of(
                    ROWS_GONE,
                    "reading " + read.task().label()
                            + ": rows of the snapshot could not be read by their position, because the table was"
                            + " rewritten meanwhile; run the job again",
                    null);
        }
    }

    /** In pieces of one table each. */
    private static List<List<RowId>> byTable(List<RowId> rows) {
        List<List<RowId>> pieces = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= rows.size(); to++) {
            if (to == rows.size() || rows.get(to).table() != rows.get(from).table()) {
                pieces.add(rows.subList(from, to));
                from = to;
            }
        }
        return pieces;
    }

    @Override
    public void copy(List<RowId> rows, Halving.Take<RowId> take) throws SQLException, InterruptedException {
        List<String> expressions = new ArrayList<>(List.of("tableoid", "ctid"));
        for (int i = 0; i < read.schema().width(); i++) {
            expressions.add(read.expression(i));
        }
        List<String> conditions = new ArrayList<>(List.of(RowId.condition(rows)));
        conditions.addAll(left);
        CopyRows.read(
                savepoints.session(),
                read.select(expressions, leaves.from(rows.get(0).table()), conditions),
                read.task().label(),
                (message, start) -> {
                    ByteBuffer bytes = ByteBuffer.wrap(message);
                    int position = start + Short.BYTES;
                    RowId row = RowId.of(
                            bytes.getInt(position + Integer.BYTES),
                            bytes.getInt(position + 3 * Integer.BYTES),
                            bytes.getShort(position + 4 * Integer.BYTES));
                    int record = start + POSITION_BYTES;
                    bytes.putShort(record, (short) read.schema().width()); // over the end of the position
                    take.row(row, message, record);
                });
    }
}
