package dev.sluice.postgresql.writer;

/** How records are sent. */
public enum WriteMode {
    /** {@code INSERT}, a batch in one statement. */
    INSERT,
    /** {@code COPY FROM STDIN}, a batch in one statement. */
    COPY
}
