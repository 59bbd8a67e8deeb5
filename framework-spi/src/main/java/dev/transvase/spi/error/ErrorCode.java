package dev.transvase.spi.error;

import java.io.Serializable;
import java.util.Objects;

/**
 * What went wrong, for programs and for those who look it up. A module keeps its codes as constants in one class.
 *
 * @param name in capitals, for example {@code CONNECTION_LOST}
 * @param type who can do something about it
 */
public record ErrorCode(String name, ErrorType type) implements Serializable {

    public ErrorCode {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
    }

    /** The user fixes it in the job file, in a data source or at the database. */
    public static ErrorCode user(String name) {
        return new ErrorCode(name, ErrorType.USER);
    }

    /** A system outside has refused, is lost, is full or has failed otherwise. */
    public static ErrorCode external(String name) {
        return new ErrorCode(name, ErrorType.EXTERNAL);
    }

    /** A state that must not happen. */
    public static ErrorCode internal(String name) {
        return new ErrorCode(name, ErrorType.INTERNAL);
    }

    /** The same code for a case in which somebody else can do something about it. */
    public ErrorCode as(ErrorType other) {
        return new ErrorCode(name, other);
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
