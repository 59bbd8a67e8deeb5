package dev.transvase.spi.parameter;

import dev.transvase.spi.error.Checks;

/**
 * A parameter record with rules that span several of its components. Called once after all components have been read
 * without error, on the thread that reads the job file.
 */
public interface Validated {

    /**
     * Reports what is wrong. Paths given to {@code checks} are relative to this record, for example {@code column[2]}.
     */
    void validate(Checks checks);
}
