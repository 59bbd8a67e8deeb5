package dev.transvase.spi.error;

import java.util.Objects;

/**
 * The one exception that plugins and the framework throw when something fails. Its message is read by tired people: it says what
 * was expected, what was found, where, and what to do, and never holds a credential.
 */
public final class TransvaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode errorCode;

    private TransvaseException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.errorCode = Objects.requireNonNull(code, "code");
    }

    /** A failure of its own. */
    public static TransvaseException of(ErrorCode code, String message) {
        return new TransvaseException(code, message, null);
    }

    /**
     * A failure that another one has led to.
     *
     * @param cause that other one; may be null
     */
    public static TransvaseException of(ErrorCode code, String message, Throwable cause) {
        return new TransvaseException(code, message, cause);
    }

    /**
     * The same failure in other words, for a caller that knows more of it. This one becomes its cause.
     *
     * @param message in place of this one's
     */
    public TransvaseException reworded(String message) {
        return new TransvaseException(errorCode, message, this);
    }

    /** Who can do something about it. */
    public ErrorType type() {
        return errorCode.type();
    }

    /** The name of its code, for example {@code CONNECTION_LOST}. */
    public String code() {
        return errorCode.name();
    }

    public ErrorCode errorCode() {
        return errorCode;
    }

    /** Whether it has this code, whoever can do something about it. */
    public boolean is(ErrorCode other) {
        return errorCode.name().equals(other.name());
    }
}
