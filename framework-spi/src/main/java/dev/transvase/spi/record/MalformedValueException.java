package dev.transvase.spi.record;

import dev.transvase.spi.error.TransvaseException;

/**
 * Bytes that are no value of their type. Whoever knows the column they were read from turns it into a {@link
 * TransvaseException} that names it.
 */
final class MalformedValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedValueException(String message) {
        super(message);
    }

    /** Checks the length of a value that is always equally long. */
    static void requireLength(int length, int expected) {
        if (length != expected) {
            throw new MalformedValueException("expected " + expected + " bytes, found " + length);
        }
    }
}
