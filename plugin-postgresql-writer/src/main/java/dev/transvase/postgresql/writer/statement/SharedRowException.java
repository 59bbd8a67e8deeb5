package dev.transvase.postgresql.writer.statement;

import java.sql.SQLException;

/**
 * Several records of a batch went for one row, in a way that its statement could not see beforehand: a trigger changes the
 * key, for example. Told as an error of the data, so that the batch is written in parts; a record alone never has it.
 */
final class SharedRowException extends SQLException {

    private static final long serialVersionUID = 1L;

    /** What the server says of it. */
    static final String CARDINALITY_VIOLATION = "21000";

    private static final String INTEGRITY_CONSTRAINT_VIOLATION = "23000";

    SharedRowException(SQLException cause) {
        super(cause.getMessage(), INTEGRITY_CONSTRAINT_VIOLATION, cause);
    }
}
