package dev.transvase.postgresql.writer.conversion;

import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.record.RecordCursor;

/** Turns a value, which is not NULL, into one of the target's type that says the same. */
@FunctionalInterface
public interface Conversion {

    /**
     * Appends the current record's value.
     *
     * @throws BadValueException when the target's type has no such value; nothing has been appended then
     */
    void convert(RecordCursor from, int column, RecordBatchBuilder to) throws BadValueException;
}
