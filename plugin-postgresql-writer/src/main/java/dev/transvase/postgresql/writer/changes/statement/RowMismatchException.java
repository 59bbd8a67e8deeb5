package dev.transvase.postgresql.writer.changes.statement;

import dev.transvase.postgresql.writer.batch.TakenRows;
import java.sql.SQLException;

/** A change did not meet the row that it is about. Without a stack trace, since a job may meet many. */
public final class RowMismatchException extends SQLException {

    private static final long serialVersionUID = 1L;

    /** SQL's own code for it. */
    public static final String NO_DATA = "02000";

    private static final String CARDINALITY_VIOLATION = "21000";

    private RowMismatchException(String sqlState, String message) {
        super(message, sqlState);
    }

    /** A statement for this many rows has found another number of them. */
    public static RowMismatchException found(long found, int expected, String doing) {
        if (expected == 1 && found == 0) {
            return new RowMismatchException(NO_DATA, "the row to be " + doing + " does not exist");
        }
        return new RowMismatchException(
                found < expected ? NO_DATA : CARDINALITY_VIOLATION,
                expected + (expected == 1 ? " row was" : " rows were") + " to be " + doing + ", found " + found);
    }

    /** The target took another number of rows than were to be inserted: a trigger or a rule of its own is to blame. */
    static RowMismatchException inserted(TakenRows.Count count) {
        return new RowMismatchException(
                count.skipped() > 0 ? NO_DATA : CARDINALITY_VIOLATION,
                "the target inserted " + count.taken() + " rows of " + count.sent() + " sent; see its triggers and"
                        + " rules, or set the writer's parameter"
                        + " \"skippedByTarget\" to \"allow\"");
    }

    /** Changes of one row do not follow from each other. */
    public static RowMismatchException inconsistent(String message) {
        return new RowMismatchException(NO_DATA, message);
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
