package dev.transvase.postgresql.writer.parameter;

/** What becomes of a job when the target leaves records out without an error, as a trigger or a rule of its own may do. */
public enum SkippedByTarget {
    /** What is not committed is rolled back, and the job fails. */
    FAIL,
    /** They are counted, and the job goes on. */
    ALLOW
}
