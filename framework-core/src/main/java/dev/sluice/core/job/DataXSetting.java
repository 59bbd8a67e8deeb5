package dev.sluice.core.job;

import dev.sluice.core.job.JobSettings.ErrorLimit;
import dev.sluice.core.job.JobSettings.Speed;
import dev.sluice.core.parameter.ParameterBinder;
import dev.sluice.core.parameter.ParameterBinder.Leniency;
import dev.sluice.core.parameter.Problems;
import dev.sluice.spi.Parameter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** {@code job.setting} in the shape of DataX, where giving a limit turns it on and a negative or zero one turns it off. */
record DataXSetting(
        @Parameter(description = "How many dirty records the job bears.")
        Optional<ErrorLimitSetting> errorLimit,

        @Parameter(description = "How fast the job may go.") Optional<SpeedSetting> speed) {

    private static final double MEGABYTE = 1024 * 1024;
    private static final Set<String> IGNORED = Set.of("keyVersion", "jvmOption", "locale", "executeMode");

    record SpeedSetting(
            @Parameter(description = "Channels.", defaultValue = "1", min = 1)
            int channel,

            @Parameter(description = "Bytes/s for the whole job.")
            Optional<Long> byte_,

            @Parameter(description = "Records/s for the whole job.")
            Optional<Long> record) {

        Speed speed() {
            Optional<Long> bytes = byte_.filter(limit -> limit > 0);
            Optional<Long> records = record.filter(limit -> limit > 0);
            return new Speed(
                    channel,
                    bytes.isPresent() || records.isPresent(),
                    bytes.map(limit -> OptionalDouble.of(limit / MEGABYTE)).orElse(OptionalDouble.empty()),
                    records.map(OptionalLong::of).orElse(OptionalLong.empty()));
        }
    }

    /** The settings of {@code job}; what is wrong goes to {@code problems}. */
    static JobSettings read(Fields job, Problems problems) {
        Optional<Fields> setting = job.object("setting");
        setting.ifPresent(found -> EmptySettings.remove(found, problems));
        return setting.flatMap(found -> ParameterBinder.bind(
                        DataXSetting.class,
                        found.json(),
                        found.path(),
                        Path.of(""),
                        problems,
                        new Leniency(IGNORED, Set.of())))
                .map(DataXSetting::settings)
                .orElse(JobSettings.DEFAULTS);
    }

    private JobSettings settings() {
        ErrorLimit limit = errorLimit.map(ErrorLimitSetting::limit).orElse(JobSettings.DEFAULTS.errorLimit());
        return new JobSettings(limit, speed.map(SpeedSetting::speed).orElse(JobSettings.DEFAULTS.speed()));
    }
}
