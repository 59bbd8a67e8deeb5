package dev.transvase.spi.parameter;

import java.util.Objects;

/**
 * A value that must not be shown. It prints as {@code ***} wherever it ends up; {@link #reveal} is the only way to it.
 *
 * <p>Equality is by value, so that records that hold one behave. Immutable and safe for use by many threads.
 */
public final class Secret {

    private final String value;

    /** @param value what is to be kept from being shown; may be empty */
    public Secret(String value) {
        this.value = Objects.requireNonNull(value, "value");
    }

    /** The value itself; hand it to the system it is for and nowhere else. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && value.equals(secret.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
