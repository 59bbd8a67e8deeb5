package dev.transvase.core.job;

import static dev.transvase.core.error.CoreErrors.ASSUMED_PARAMETER;
import static dev.transvase.core.error.CoreErrors.IGNORED_PARAMETER;
import static dev.transvase.core.error.CoreErrors.INVALID_PARAMETER;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.job.JobSettings.ChannelSpeed;
import dev.transvase.core.job.JobSettings.ErrorLimit;
import dev.transvase.core.job.JobSettings.Speed;
import dev.transvase.core.parameter.JsonPath;
import dev.transvase.core.parameter.ParameterBinder;
import dev.transvase.core.parameter.ParameterBinder.Leniency;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.parameter.Shown;
import dev.transvase.core.parameter.UnknownKeys;
import dev.transvase.spi.parameter.Parameter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * {@code job.setting} in the shape of DataX, where giving a limit turns it on and a negative or zero one turns it off.
 *
 * <p>As there, {@code byte} and {@code record} tell the number of channels when {@code core.transport.channel.speed} says
 * what one of them may do, and {@code errorLimit.percentage} only counts without {@code errorLimit.record}.
 */
record DataXSetting(
        @Parameter(description = "How many dirty records the job tolerates.")
        Optional<ErrorLimitSetting> errorLimit,

        @Parameter(description = "How fast the job may run.")
        Optional<SpeedSetting> speed,

        @Parameter(description = "What is reported about dirty records.")
        Optional<DirtySetting> dirty) {

    private static final double MEGABYTE = 1024 * 1024;
    private static final Set<String> IGNORED = Set.of("keyVersion", "jvmOption", "locale", "executeMode");

    record SpeedSetting(
            @Parameter(description = "Channels.", defaultValue = "1", min = 1, max = Speed.MOST_CHANNELS)
            int channel,

            @Parameter(description = "Bytes/s for the whole job.")
            Optional<Long> byte_,

            @Parameter(description = "Records/s for the whole job.")
            Optional<Long> record) {

        private static final SpeedSetting DEFAULT = new SpeedSetting(1, Optional.empty(), Optional.empty());

        private OptionalLong bytes() {
            return DataXCore.limit(byte_);
        }

        private OptionalLong records() {
            return DataXCore.limit(record);
        }

        Speed speed(ChannelSpeed each) {
            boolean limited = bytes().isPresent()
                    || records().isPresent()
                    || each.bytes().isPresent()
                    || each.records().isPresent();
            return new Speed(
                    channels(each).orElse(channel),
                    limited,
                    bytes().isPresent() ? OptionalDouble.of(bytes().getAsLong() / MEGABYTE) : OptionalDouble.empty(),
                    records(),
                    each);
        }

        /** How many channels it takes to reach the job's limits; empty when they do not tell. */
        OptionalInt channels(ChannelSpeed each) {
            long most = Math.min(needed(bytes(), each.bytes()), needed(records(), each.records()));
            return most == Long.MAX_VALUE
                    ? OptionalInt.empty()
                    : OptionalInt.of((int) Math.min(Integer.MAX_VALUE, Math.max(1, most)));
        }

        private static long needed(OptionalLong whole, OptionalLong one) {
            return whole.isPresent() && one.isPresent() ? whole.getAsLong() / one.getAsLong() : Long.MAX_VALUE;
        }
    }

    /**
     * The settings of {@code job}; what is wrong goes to {@code problems}.
     *
     * @param each what {@code core.transport.channel.speed} says
     */
    static JobSettings read(Fields job, ChannelSpeed each, Problems problems) {
        Optional<Fields> setting = job.object("setting");
        setting.ifPresent(found -> {
            adaptSpeed(found, problems);
            EmptySettings.remove(found, problems);
            DataXParameters.refuseDryRun(found);
            tellOverridden(found, problems);
        });
        ObjectNode json = setting.map(Fields::json).orElseGet(job.json()::objectNode);
        String path = setting.map(Fields::path).orElseGet(() -> job.pathOf("setting"));
        Optional<DataXSetting> bound = ParameterBinder.bind(
                DataXSetting.class,
                json,
                path,
                Path.of(""),
                problems,
                new Leniency(IGNORED, Set.of(), UnknownKeys.IGNORED, false));
        bound.flatMap(DataXSetting::speed).ifPresent(speed -> tellChannels(speed, each, json, path, problems));
        return bound.map(found -> found.settings(each)).orElse(JobSettings.DEFAULTS);
    }

    /** DataX's own examples have a lone number here, from when there was no other limit than that of the bytes. */
    private static void adaptSpeed(Fields setting, Problems problems) {
        JsonNode speed = setting.json().path("speed");
        if (speed.isNumber()) {
            setting.json().putObject("speed").set("byte", speed);
            problems.warn(
                    setting.pathOf("speed"),
                    ASSUMED_PARAMETER,
                    "is a number and is read as {\"byte\": " + Shown.value(speed)
                            + "}, the bytes per second of the whole job",
                    "");
        }
    }

    private static void tellOverridden(Fields setting, Problems problems) {
        JsonNode limit = setting.json().path("errorLimit");
        boolean same = isZero(limit.path("record")) && isZero(limit.path("percentage"));
        if (limit.hasNonNull("record") && limit.hasNonNull("percentage") && !same) {
            problems.warn(
                    JsonPath.key(setting.pathOf("errorLimit"), "percentage"),
                    IGNORED_PARAMETER,
                    "has no effect beside `record`, as in DataX",
                    "");
        }
    }

    private static boolean isZero(JsonNode given) {
        return !given.isBoolean() && given.asText().strip().matches("0+(\\.0*)?");
    }

    private static void tellChannels(
            SpeedSetting speed, ChannelSpeed each, ObjectNode setting, String path, Problems problems) {
        OptionalInt channels = speed.channels(each);
        if (channels.isPresent() && channels.getAsInt() > Speed.MOST_CHANNELS) {
            problems.error(
                    JsonPath.append(path, "speed"),
                    INVALID_PARAMETER,
                    "the job's limit and core.transport.channel.speed make it " + channels.getAsInt()
                            + " channels, at most " + Speed.MOST_CHANNELS + " are possible",
                    "raise the limit per channel, or lower the limit of the job");
        }
        boolean given = setting.path("speed").hasNonNull("channel");
        if (given && channels.isPresent() && channels.getAsInt() != speed.channel()) {
            problems.warn(
                    JsonPath.append(path, "speed.channel"),
                    IGNORED_PARAMETER,
                    "has no effect, as in DataX: the job's limit and core.transport.channel.speed make it "
                            + channels.getAsInt() + (channels.getAsInt() == 1 ? " channel" : " channels"),
                    "");
        }
    }

    private JobSettings settings(ChannelSpeed each) {
        ErrorLimit limit = errorLimit.map(DataXSetting::limit).orElse(JobSettings.DEFAULTS.errorLimit());
        return new JobSettings(
                limit, speed.orElse(SpeedSetting.DEFAULT).speed(each), dirty.flatMap(DirtySetting::values));
    }

    private static ErrorLimit limit(ErrorLimitSetting given) {
        return given.record()
                .map(record -> new ErrorLimit(record, OptionalDouble.empty()))
                .orElseGet(given::limit);
    }
}
