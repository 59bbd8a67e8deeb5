package dev.transvase.postgresql.writer.batch;

import dev.transvase.postgresql.sql.SqlErrors;
import java.sql.SQLException;

/**
 * An error outside of SQLSTATE classes 22 and 23 that a single record may be the reason of all the same: a limit of the server
 * that it passes, a view or a policy that does not let it in, or a text that its type calls a syntax error or an unknown object.
 * Whether it is, is found out of the record alone.
 */
public final class SuspectRowException extends SQLException {

    private static final long serialVersionUID = 1L;

    private static final String INVALID_TEXT = "22P02";

    private final SQLException reported;

    /** @param reported the server's error */
    public SuspectRowException(SQLException reported) {
        super(reported.getMessage(), INVALID_TEXT, reported);
        this.reported = reported;
    }

    /** Whether this is one of the SQLSTATEs of an invalid text for {@code tsquery}, {@code regclass} and others. */
    public static boolean isOfText(SQLException error) {
        String state = SqlErrors.sqlState(error);
        return state.startsWith("42") || state.equals("3F000") || state.equals("XX000");
    }

    public SQLException reported() {
        return reported;
    }

    /** What the server said. */
    public static SQLException reported(SQLException error) {
        return error instanceof SuspectRowException suspect ? suspect.reported : error;
    }

    /** The SQLSTATE that the server gave. */
    public static String sqlState(SQLException error) {
        return SqlErrors.sqlState(reported(error));
    }
}
