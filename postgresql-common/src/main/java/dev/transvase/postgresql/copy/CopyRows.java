package dev.transvase.postgresql.copy;

import static dev.transvase.postgresql.error.PostgresErrors.COPY_INCOMPLETE;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.spi.error.TransvaseException;
import java.sql.SQLException;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rows of a SELECT by {@code COPY ... TO STDOUT (FORMAT binary)}: one message of the server is one row. */
final class CopyRows {

    private static final Logger log = LoggerFactory.getLogger(CopyRows.class);

    private CopyRows() {}

    /** Takes a row in the server's message. */
    interface Take {
        void row(byte[] message, int start) throws InterruptedException;
    }

    /** Blocks until all rows have been taken. */
    static void read(PostgresSession session, String select, String label, Take take)
            throws SQLException, InterruptedException {
        String sql = "COPY (" + select + ") TO STDOUT (FORMAT binary)";
        log.debug("{}", sql);
        CopyOut copy = session.pg().getCopyAPI().copyOut(sql);
        CopyFraming framing = new CopyFraming();
        for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
            int start = framing.rowStart(message);
            if (start >= 0) {
                take.row(message, start);
            }
        }
        if (!framing.complete()) {
            throw TransvaseException.of(
                    COPY_INCOMPLETE, "reading " + label + ": the server's data ended without its trailer", null);
        }
    }
}
