package dev.transvase.core.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.job.JobSettings.ChannelSpeed;
import dev.transvase.core.parameter.ParameterBinder;
import dev.transvase.core.parameter.Problems;
import dev.transvase.spi.parameter.Parameter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * DataX's {@code core} section. Of what is tuned there only {@code core.transport.channel.speed} changes what a job does
 * to others, so it is kept; the rest is ignored with a warning.
 */
final class DataXCore {

    private static final List<String> LIMITS = List.of("byte", "record");

    private DataXCore() {}

    /** {@code core.transport.channel.speed}. */
    record Setting(
            @Parameter(description = "Bytes/s for each channel.")
            Optional<Long> byte_,

            @Parameter(description = "Records/s for each channel.")
            Optional<Long> record) {}

    /** What each channel may do; what is wrong or ignored goes to {@code problems}. */
    static ChannelSpeed read(Fields root, Problems problems) {
        Optional<Fields> core = object(root, "core");
        Optional<Fields> transport = inside(core, "transport");
        Optional<Fields> channel = inside(transport, "channel");
        Optional<Fields> speed = inside(channel, "speed");
        warnOfRest(core, List.of("transport"));
        warnOfRest(transport, List.of("channel"));
        warnOfRest(channel, List.of("speed"));
        warnOfRest(speed, LIMITS);
        return speed.map(Fields::json)
                .map(json -> json.deepCopy().retain(LIMITS))
                .flatMap(json ->
                        ParameterBinder.bind(Setting.class, json, speed.get().path(), Path.of(""), problems))
                .map(found -> new ChannelSpeed(limit(found.byte_()), limit(found.record())))
                .orElse(ChannelSpeed.UNLIMITED);
    }

    /** DataX turns a limit off with -1, and with 0. */
    static OptionalLong limit(Optional<Long> given) {
        return given.filter(limit -> limit > 0).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private static Optional<Fields> inside(Optional<Fields> around, String key) {
        return around.flatMap(fields -> object(fields, key));
    }

    /** What is no object says nothing about speed, so it is ignored with the rest. */
    private static Optional<Fields> object(Fields around, String key) {
        if (around.json().get(key) instanceof ObjectNode) {
            return around.object(key);
        }
        if (around.has(key)) {
            around.ignore(key);
        }
        return Optional.empty();
    }

    private static void warnOfRest(Optional<Fields> around, List<String> kept) {
        around.ifPresent(fields -> fields.json().properties().stream()
                .filter(field -> !kept.contains(field.getKey()))
                .filter(field -> !field.getValue().isNull())
                .map(Map.Entry::getKey)
                .forEach(fields::ignore));
    }
}
