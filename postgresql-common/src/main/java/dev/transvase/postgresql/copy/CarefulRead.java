package dev.transvase.postgresql.copy;

import static dev.transvase.postgresql.error.PostgresErrors.ROW_NOT_READABLE;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.QueryDescription;
import dev.transvase.postgresql.split.ReadTask;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.transaction.ReadSessions;
import dev.transvase.postgresql.transaction.Savepoints;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Schema;
import java.sql.SQLException;
import java.util.List;

/**
 * Reads a split with a row that cannot be read, so that all other rows are read: on the same snapshot, in pieces, and slower. The
 * rows that were handed on before must be the first of this read too, byte by byte; else it fails, since no row may be lost or
 * read twice.
 *
 * @param savepoints of a session in a transaction of the split's snapshot
 * @param handedOn the rows that were handed on
 * @param failure why the split could not be read as a whole
 */
record CarefulRead(Savepoints savepoints, ReadTask task, Schema schema, RowPrefix handedOn, SQLException failure) {

    private static final String UNDEFINED_COLUMN = "42703";
    private static final String NO_PRIVILEGE = "42501";
    private static final int MOST_ROWS = 500;

    /** For the plan that COPY has; and the server is to try conditions that exclude each other, not to see that they do. */
    private static final String SETTINGS =
            "SET LOCAL cursor_tuple_fraction = 1;\nSET LOCAL constraint_exclusion = partition";

    private static final long PIECE_BYTES = 4L << 20;

    /** Reads the rows that come after those handed on. */
    void run(RowSink sink) throws SQLException, InterruptedException {
        savepoints.execute(SETTINGS);
        if (hasPositions()) {
            new RowsByPosition(this, sink).run();
        } else {
            new RowsByCursor(this, sink).run();
        }
    }

    /** Whether the rows have positions by which they can be read one by one: those of tables of this server have. */
    private boolean hasPositions() throws SQLException {
        PostgresSession session = savepoints.session();
        savepoints.execute("SAVEPOINT transvase_probe");
        boolean positions;
        try {
            String select = "SELECT tableoid, ctid FROM " + task.from();
            // Those of a view would be columns of its own by these names.
            positions = QueryDescription.of(session, select).columns().stream().allMatch(c -> (short) c.attnum() < 0)
                    && !ReadSessions.hold(session, List.of(select));
        } catch (SQLException e) {
            String state = SqlErrors.sqlState(e);
            if (!state.equals(UNDEFINED_COLUMN) && !state.equals(NO_PRIVILEGE)) {
                throw e;
            }
            positions = false; // a query, a view, or a table that the user may read only some columns of
        }
        savepoints.execute("ROLLBACK TO SAVEPOINT transvase_probe;\nRELEASE SAVEPOINT transvase_probe");
        return positions;
    }

    /** How many rows to read at a time, so that they are not too large together. */
    int pieceRows() {
        long average = handedOn.rows() == 0 ? 1 : handedOn.bytes() / handedOn.rows() + 1;
        return (int) Math.max(1, Math.min(MOST_ROWS, PIECE_BYTES / average));
    }

    /** The statement for some of the columns, in another form perhaps. */
    String select(List<String> expressions, List<String> conditions) {
        return select(expressions, task.from(), conditions);
    }

    /** @param from what follows FROM: all that is read, or a part of it */
    String select(List<String> expressions, String from, List<String> conditions) {
        return "SELECT " + String.join(", ", expressions) + " FROM " + from
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
    }

    /** What each column is in the statement that reads all. */
    String expression(int column) {
        return task.expression(schema, column);
    }

    /** What a column is called in messages: its name, or the expression that it is. */
    String called(int column) {
        String expression = task.items().get(column).expression();
        return expression.startsWith("\"") ? schema.column(column).name() : expression;
    }

    /** The rows that were passed on cannot be distinguished from the others. */
    TransvaseException notTheSame() {
        return notReadable(
                "the reader cannot skip the rows that it has passed on already, because the server returns them in"
                        + " a different order each time. Fix the row, or exclude it; or keep the order with the"
                        + " reader's \"session\": [\"SET max_parallel_workers_per_gather = 0\"]");
    }

    TransvaseException notReadable(String why) {
        return TransvaseException.of(
                ROW_NOT_READABLE,
                "reading " + task.label() + ": a row cannot be read: " + SqlErrors.message(failure) + "; " + why,
                failure);
    }
}
