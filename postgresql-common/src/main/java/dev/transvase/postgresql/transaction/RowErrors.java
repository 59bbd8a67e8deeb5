package dev.transvase.postgresql.transaction;

import dev.transvase.postgresql.sql.SqlErrors;
import java.sql.SQLException;
import java.util.Set;

/** Which of the server's errors are about what is in a row, so that other rows can be read all the same. */
public final class RowErrors {

    /**
     * Classes of errors that evaluating an expression, or converting a value, raises for some values and not for others:
     * a CASE without a match, a sub-query of several rows, data exceptions, constraints of domains, external routines, too
     * long or too deep, exceptions that a function raises.
     */
    private static final Set<String> CLASSES = Set.of("20", "21", "22", "23", "38", "39", "54", "P0");

    private RowErrors() {}

    /** Whether it may be about a single row. */
    public static boolean isOfRow(SQLException error) {
        String state = SqlErrors.sqlState(error);
        return state.length() == 5 && CLASSES.contains(state.substring(0, 2));
    }
}
