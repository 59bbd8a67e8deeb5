package dev.transvase.postgresql.cdc.stream;

import static dev.transvase.postgresql.cdc.error.CdcErrors.CHANGE_TOO_LARGE;
import static dev.transvase.postgresql.cdc.error.CdcErrors.PUBLICATION_MISSING;
import static dev.transvase.postgresql.cdc.error.CdcErrors.SLOT_ACTIVE;
import static dev.transvase.spi.error.CommonErrors.OUT_OF_MEMORY;

import dev.transvase.postgresql.cdc.source.Slot;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import java.sql.SQLException;

/** Says why a stream cannot be followed any longer, and what to do about it. */
final class StreamFailures {

    private static final String UNDEFINED_OBJECT = "42704";

    /** The server's limit for one message, which is 1 GB. */
    private static final String PROGRAM_LIMIT_EXCEEDED = "54000";

    private static final String GOES_ON = ". The next run resumes from what is durable at the target";

    private StreamFailures() {}

    /**
     * What ends the run.
     *
     * @param after what was done before it was given up; may be empty
     */
    static TransvaseException of(SQLException loss, String after) {
        if (loss.getCause() instanceof OutOfMemoryError) {
            return outOfMemory(loss); // the driver's own, which looks like one of the server's
        }
        TransvaseException reported = SqlErrors.translate(loss, "following the changes");
        return switch (SqlErrors.sqlState(loss)) {
            case Slot.IN_USE -> TransvaseException.of(SLOT_ACTIVE, reported.getMessage() + after + GOES_ON, loss);
            case UNDEFINED_OBJECT ->
                TransvaseException.of(
                        PUBLICATION_MISSING,
                        reported.getMessage()
                                + ": the publication was dropped while the job ran, and the changes since then"
                                + " cannot be read any more, even if it is recreated; remove the rest with `transvase cdc"
                                + " drop` and start over");
            case PROGRAM_LIMIT_EXCEEDED ->
                TransvaseException.of(
                        CHANGE_TOO_LARGE,
                        reported.getMessage()
                                + ": a changed row is larger than the server can send: 1 GB as text, including its"
                                + " old values; remove the stream with `transvase cdc drop` and start over"
                                + " without that table"
                                + " (excludeTable), or with a key in place of REPLICA IDENTITY FULL");
            default ->
                TransvaseException.of(
                        reported.errorCode().as(ErrorType.EXTERNAL), reported.getMessage() + after + GOES_ON, loss);
        };
    }

    /** A change that this process has no room for. */
    static TransvaseException outOfMemory(Throwable error) {
        return TransvaseException.of(
                OUT_OF_MEMORY,
                "following the changes: a changed row does not fit into the heap of "
                        + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MiB; while it is moved, a row takes about six times its size, and with REPLICA IDENTITY"
                        + " FULL it includes its old values. Raise the heap, for example with"
                        + " TRANSVASE_JAVA_OPTS=-Xmx4g" + GOES_ON,
                error);
    }
}
