package dev.transvase.core.job;

import dev.transvase.core.job.JobSettings.DirtyValues;
import dev.transvase.spi.parameter.Parameter;
import java.util.Optional;

/** {@code setting.dirty}, the same in both shapes. */
record DirtySetting(
        @Parameter(
                description =
                        "What is told of the values of dirty records. full: all, also in the log, in messages and in the"
                                + " report. mask: type and length, in the file of --dirty. omit: nothing. Without it: all in that"
                                + " file, and nothing elsewhere.")
        Optional<DirtyValues> values) {}
