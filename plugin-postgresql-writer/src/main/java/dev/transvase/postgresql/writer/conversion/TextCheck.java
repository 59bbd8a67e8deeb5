package dev.transvase.postgresql.writer.conversion;

/** Refuses a text that the server would read as a value of the column's type, but not as what the text says. */
@FunctionalInterface
public interface TextCheck {

    /**
     * Looks at a text that is not NULL.
     *
     * @throws BadValueException when the server would keep a part of it only, or take it for something else
     */
    void check(String text) throws BadValueException;
}
