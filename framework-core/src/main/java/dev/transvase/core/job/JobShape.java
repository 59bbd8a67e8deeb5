package dev.transvase.core.job;

import dev.transvase.core.parameter.UnknownKeys;

/** Whose job files a file is like. */
public enum JobShape {

    /** {@code steps} and {@code order}. */
    DATAWORKS(UnknownKeys.REFUSED),

    /** {@code job.content}. */
    DATAX(UnknownKeys.IGNORED);

    private final UnknownKeys unknownKeys;

    JobShape(UnknownKeys unknownKeys) {
        this.unknownKeys = unknownKeys;
    }

    /** What a key is that nothing here is called. */
    public UnknownKeys unknownKeys() {
        return unknownKeys;
    }
}
