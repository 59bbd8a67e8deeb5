package dev.transvase.core.job;

import dev.transvase.core.job.JobSettings.ErrorLimit;
import dev.transvase.spi.parameter.Parameter;
import java.util.Optional;
import java.util.OptionalDouble;

/** {@code setting.errorLimit}, the same in both shapes. */
record ErrorLimitSetting(
        @Parameter(description = "Dirty records tolerated; 0 when neither limit is given.", min = 0)
        Optional<Long> record,

        @Parameter(description = "Share of dirty records tolerated, checked at the end.", min = 0, max = 1)
        Optional<Double> percentage) {

    /** A share alone is the only limit; without any, no dirty record is tolerated. */
    ErrorLimit limit() {
        long unlessGiven = percentage.isPresent() ? Long.MAX_VALUE : 0;
        return new ErrorLimit(
                record.orElse(unlessGiven), percentage.map(OptionalDouble::of).orElse(OptionalDouble.empty()));
    }
}
