package dev.transvase.core.job;

import dev.transvase.core.parameter.UnknownKeys;

/** Whose job files a file is like. */
public enum JobShape {

    /** {@code steps} and {@code order}. */
    DATAWORKS(UnknownKeys.REFUSED, DataWorksSetting.class),

    /** {@code job.content}. */
    DATAX(UnknownKeys.IGNORED, DataXSetting.class);

    private final UnknownKeys unknownKeys;
    private final Class<? extends Record> settings;

    JobShape(UnknownKeys unknownKeys, Class<? extends Record> settings) {
        this.unknownKeys = unknownKeys;
        this.settings = settings;
    }

    /** The parameter record of the job's settings: what {@code setting} holds in such files. */
    public Class<? extends Record> settings() {
        return settings;
    }

    /** What a key is that nothing here is called. */
    public UnknownKeys unknownKeys() {
        return unknownKeys;
    }
}
