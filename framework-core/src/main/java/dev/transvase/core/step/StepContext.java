package dev.transvase.core.step;

import dev.transvase.spi.JobContext;
import dev.transvase.spi.error.Notices;
import java.nio.file.Path;

/** What the steps of a job know about it; see there. */
public record StepContext(
        String jobName,
        int channels,
        Path baseFolder,
        boolean untilCurrent,
        boolean oneDataSource,
        boolean toleratesDirty,
        Notices notices)
        implements JobContext {}
