package dev.transvase.spi.parameter;

/**
 * A value that must not be shown. It prints as {@code ***} wherever it ends up.
 *
 * <p>Equality is by value, so that records that hold one behave.
 */
public record Secret(String value) {

    /** The value itself; hand it to the system it is for and nowhere else. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
