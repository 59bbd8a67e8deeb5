package dev.transvase.core.job;

import static dev.transvase.core.error.CoreErrors.INVALID_PARAMETER;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.job.JobSettings.ErrorLimit;
import dev.transvase.core.job.JobSettings.Speed;
import dev.transvase.core.parameter.ParameterBinder;
import dev.transvase.core.parameter.ParameterBinder.Leniency;
import dev.transvase.core.parameter.Problems;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Validated;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * {@code setting} in the shape of DataWorks. What is tuned there for its own engine is ignored with a warning, see
 * {@link #IGNORED}; a value that its console exports as an empty text counts as absent.
 */
record DataWorksSetting(
        @Parameter(description = "How many dirty records the job tolerates.")
        Optional<ErrorLimitSetting> errorLimit,

        @Parameter(description = "How fast the job may run.")
        Optional<SpeedSetting> speed,

        @Parameter(description = "What is reported about dirty records.")
        Optional<DirtySetting> dirty) {

    private static final Set<String> IGNORED =
            Set.of("executeMode", "failoverEnable", "jvmOption", "locale", "useSpecialSecret");
    private static final List<String> IGNORED_SPEED = List.of("dmu", "jvmOption");

    record SpeedSetting(
            @Parameter(description = "Channels.", defaultValue = "1", min = 1, max = Speed.MOST_CHANNELS)
            int concurrent,

            @Parameter(description = "Whether mbps and record limit the job.")
            Optional<Boolean> throttle,

            @Parameter(description = "MB/s (1,048,576 bytes) for the whole job.", min = 0)
            Optional<Double> mbps,

            @Parameter(description = "Records/s for the whole job.", min = 1)
            Optional<Long> record)
            implements Validated {

        @Override
        public void validate(Checks checks) {
            if (mbps.isPresent() && mbps.get() <= 0) {
                checks.error("mbps", INVALID_PARAMETER, "expected a number above 0, found " + mbps.get(), "");
            }
            if (throttle.isEmpty() && (mbps.isPresent() || record.isPresent())) {
                checks.warning(
                        mbps.isPresent() ? "mbps" : "record", "has no effect unless `throttle` is given as true");
            }
        }
    }

    /** The settings of {@code root}; what is wrong goes to {@code problems}. */
    static JobSettings read(Fields root, Problems problems) {
        Optional<Fields> setting = root.object("setting");
        setting.ifPresent(found -> {
            EmptySettings.remove(found, problems);
            removeIgnored(found);
        });
        return setting.flatMap(found -> ParameterBinder.bind(
                        DataWorksSetting.class,
                        found.json(),
                        found.path(),
                        Path.of(""),
                        problems,
                        new Leniency(IGNORED, Set.of())))
                .map(DataWorksSetting::settings)
                .orElse(JobSettings.DEFAULTS);
    }

    private static void removeIgnored(Fields setting) {
        if (setting.json().path("speed") instanceof ObjectNode speed) {
            Fields fields = setting.object("speed").orElseThrow();
            for (String key : IGNORED_SPEED) {
                if (speed.remove(key) != null) {
                    fields.ignore(key);
                }
            }
        }
    }

    private JobSettings settings() {
        ErrorLimit limit = errorLimit.map(ErrorLimitSetting::limit).orElse(JobSettings.DEFAULTS.errorLimit());
        return new JobSettings(
                limit,
                speed.map(found -> new Speed(
                                found.concurrent(),
                                found.throttle().orElse(false),
                                found.mbps().map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                                found.record().map(OptionalLong::of).orElse(OptionalLong.empty())))
                        .orElse(JobSettings.DEFAULTS.speed()),
                dirty.flatMap(DirtySetting::values));
    }
}
