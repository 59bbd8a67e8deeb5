package dev.transvase.postgresql.writer.conversion;

import dev.transvase.spi.record.RecordCursor;

/** Refuses a value, which is not NULL, that the target's type would take only in part, and without saying so. */
@FunctionalInterface
public interface ValueCheck {

    /**
     * Looks at the current record's value as the reader delivered it.
     *
     * @throws BadValueException when the target would round it or cut something off
     */
    void check(RecordCursor from, int column) throws BadValueException;
}
