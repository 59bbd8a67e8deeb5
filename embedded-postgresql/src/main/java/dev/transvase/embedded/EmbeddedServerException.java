package dev.transvase.embedded;

/** A server could not be unpacked, started or stopped. The message says which step failed and what the server wrote. */
public final class EmbeddedServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EmbeddedServerException(String message) {
        super(message);
    }

    EmbeddedServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
