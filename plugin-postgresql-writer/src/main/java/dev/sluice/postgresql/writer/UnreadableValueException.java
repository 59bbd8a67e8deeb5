package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.SqlErrors;
import java.sql.SQLException;

/**
 * An error outside of SQLSTATE class 22 that a value may be the reason of all the same: some types call a text that they
 * cannot read a syntax error, or an unknown object. Whether it is, is found out of the single record.
 */
final class UnreadableValueException extends SQLException {

    private static final long serialVersionUID = 1L;

    private static final String INVALID_TEXT = "22P02";

    private final SQLException told;

    /** @param told by the server */
    UnreadableValueException(SQLException told) {
        super(told.getMessage(), INVALID_TEXT, told);
        this.told = told;
    }

    /** Whether this is one of the SQLSTATEs: of an invalid text for {@code tsquery}, {@code regclass} and others. */
    static boolean isPossible(SQLException error) {
        String state = SqlErrors.sqlState(error);
        return state.startsWith("42") || state.equals("XX000");
    }

    SQLException told() {
        return told;
    }

    /** What the server said. */
    static SQLException told(SQLException error) {
        return error instanceof UnreadableValueException unreadable ? unreadable.told : error;
    }

    /** The SQLSTATE that the server gave. */
    static String sqlState(SQLException error) {
        return SqlErrors.sqlState(told(error));
    }
}
