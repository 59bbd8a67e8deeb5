package dev.transvase.postgresql.transaction;

import static dev.transvase.postgresql.error.PostgresErrors.LOCK_NOT_AVAILABLE;
import static dev.transvase.postgresql.error.PostgresErrors.STANDBY_CONFLICT;
import static dev.transvase.postgresql.error.PostgresErrors.TOO_MANY_TABLES;
import static dev.transvase.spi.error.CommonErrors.OUT_OF_MEMORY;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import java.sql.SQLException;

/** What the server's errors mean to a transaction that only reads. */
public final class ReadErrors {

    private static final String CONFLICT = "40001";
    private static final String LOCK_TIMEOUT = "55P03";

    /** Out of memory, which a full table of locks gives. */
    private static final String OUT_OF_LOCKS = "53200";

    private ReadErrors() {}

    /** Of locking all that is read. */
    public static TransvaseException locking(SQLException error) {
        TransvaseException reported = translate(error, "locking the tables for the duration of the job");
        return SqlErrors.sqlState(error).equals(OUT_OF_LOCKS)
                ? TransvaseException.of(
                        TOO_MANY_TABLES,
                        reported.getMessage() + "; raise max_locks_per_transaction on the server (a table takes a lock,"
                                + " and each of its indexes and partitions too), or set consistentSnapshot to false",
                        error)
                : reported;
    }

    /** A row that this process has no room for. */
    public static TransvaseException outOfMemory(String doing, Throwable error) {
        return TransvaseException.of(
                OUT_OF_MEMORY,
                doing + ": a row does not fit into the heap of "
                        + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MiB; while it is moved, a row takes about six times its size. Raise the heap, for"
                        + " example with"
                        + " TRANSVASE_JAVA_OPTS=-Xmx4g, or leave out the columns with large values",
                error);
    }

    /** As {@link SqlErrors#translate}. */
    public static TransvaseException translate(SQLException error, String doing) {
        if (error.getCause() instanceof OutOfMemoryError) {
            return outOfMemory(doing, error); // the driver's own, which looks like one of the server's
        }
        String message = doing + ": " + SqlErrors.message(error);
        return switch (SqlErrors.sqlState(error)) {
            // A transaction that writes nothing has no other conflict.
            case CONFLICT ->
                TransvaseException.of(
                        STANDBY_CONFLICT,
                        message + "; a standby cancels queries that conflict with recovery: read from the primary,"
                                + " or raise max_standby_streaming_delay or set hot_standby_feedback = on on the"
                                + " standby, then run the job again",
                        error);
            case LOCK_TIMEOUT ->
                TransvaseException.of(
                        LOCK_NOT_AVAILABLE,
                        message + "; another session waits for an exclusive lock on it, for example for TRUNCATE or"
                                + " ALTER TABLE, and all others queue behind it: see pg_locks where granted is"
                                + " false, and run the job again when that is done",
                        error);
            default -> SqlErrors.translate(error, doing);
        };
    }
}
