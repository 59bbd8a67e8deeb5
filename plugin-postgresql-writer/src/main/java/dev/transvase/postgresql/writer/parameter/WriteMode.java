package dev.transvase.postgresql.writer.parameter;

/** How records are sent. */
public enum WriteMode {
    /** {@code INSERT}, a batch in one statement. */
    INSERT,
    /** {@code COPY FROM STDIN}, one for a transaction. */
    COPY,
    /** {@code INSERT ... ON CONFLICT}, a batch in one statement: rows whose key is there are updated. */
    UPSERT
}
