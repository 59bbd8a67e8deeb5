package dev.sluice.core.job;

import dev.sluice.core.job.JobSettings.ErrorLimit;
import dev.sluice.spi.Parameter;
import java.util.Optional;
import java.util.OptionalDouble;

/** {@code setting.errorLimit}, the same in both shapes. */
record ErrorLimitSetting(
        @Parameter(description = "Dirty records tolerated.", defaultValue = "0", min = 0)
        long record,

        @Parameter(description = "Dirty share tolerated, judged at the end.", min = 0, max = 1)
        Optional<Double> percentage) {

    ErrorLimit limit() {
        return new ErrorLimit(record, percentage.map(OptionalDouble::of).orElse(OptionalDouble.empty()));
    }
}
