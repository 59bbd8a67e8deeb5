package dev.transvase.spi.error;

import java.util.Objects;

/**
 * The one exception that plugins and runtime tell failures with. Its message is read by tired people: it says what was
 * expected, what was found, where, and what to do, and never holds a credential.
 */
public final class TransvaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * The code of a writer's failure that leaves open whether its last commit was done. It is told even when the run was
     * stopped already.
     */
    public static final String COMMIT_IN_DOUBT = "COMMIT_IN_DOUBT";

    /**
     * The code of a writer's failure on records that the target left out without an error. The job has failed on its data, as
     * when there are too many dirty records.
     */
    public static final String SKIPPED_BY_TARGET = "SKIPPED_BY_TARGET";

    private final ErrorType type;
    private final String code;

    public TransvaseException(ErrorType type, String code, String message, Throwable cause) {
        super(message, cause);
        this.type = Objects.requireNonNull(type, "type");
        this.code = Objects.requireNonNull(code, "code");
    }

    /** An error the user mends in the job file, a data source or at the database. */
    public static TransvaseException user(String code, String message) {
        return new TransvaseException(ErrorType.USER, code, message, null);
    }

    /** As {@link #user(String, String)}, with what led to it. */
    public static TransvaseException user(String code, String message, Throwable cause) {
        return new TransvaseException(ErrorType.USER, code, message, cause);
    }

    /** A failure of a system outside: refused, lost, full, denied. */
    public static TransvaseException external(String code, String message, Throwable cause) {
        return new TransvaseException(ErrorType.EXTERNAL, code, message, cause);
    }

    /** A state that must not happen. */
    public static TransvaseException internal(String code, String message, Throwable cause) {
        return new TransvaseException(ErrorType.INTERNAL, code, message, cause);
    }

    /** Who can do something about it. */
    public ErrorType type() {
        return type;
    }

    /** What went wrong as a constant, for example {@code CONNECTION_LOST}. */
    public String code() {
        return code;
    }
}
