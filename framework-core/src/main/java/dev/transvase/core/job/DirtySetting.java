package dev.transvase.core.job;

import dev.transvase.core.job.JobSettings.DirtyValues;
import dev.transvase.spi.parameter.Parameter;
import java.util.Optional;

/** {@code setting.dirty}, the same in both shapes. */
record DirtySetting(
        @Parameter(
                description =
                        "How the values of dirty records are reported. full: in the --dirty file, the log, messages"
                                + " and the report. mask: only type and length, in the --dirty file. omit: nowhere."
                                + " Default: in the --dirty file only.")
        Optional<DirtyValues> values) {}
