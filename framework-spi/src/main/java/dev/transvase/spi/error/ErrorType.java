package dev.transvase.spi.error;

/** Who can do something about an error. */
public enum ErrorType {
    /** The job file, a parameter or a prerequisite is wrong: fix the job. */
    USER,
    /** A system outside failed: fix it, or try again. */
    EXTERNAL,
    /** A defect of the framework or of a plugin. */
    INTERNAL
}
