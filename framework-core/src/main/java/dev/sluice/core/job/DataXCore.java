package dev.sluice.core.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.core.job.JobSettings.ChannelSpeed;
import dev.sluice.core.parameter.ParameterBinder;
import dev.sluice.core.parameter.Problems;
import dev.sluice.spi.Parameter;
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

    private DataXCore() {}

    /** {@code core.transport.channel.speed}. */
    record Setting(
            @Parameter(description = "Bytes/s for each channel.")
            Optional<Long> byte_,

            @Parameter(description = "Records/s for each channel.")
            Optional<Long> record) {}

    /** What each channel may do; what is wrong or ignored goes to {@code problems}. */
    static ChannelSpeed read(Fields root, Problems problems) {
        Optional<Fields> core = root.object("core");
        if (core.isEmpty()) {
            return ChannelSpeed.UNLIMITED;
        }
        Optional<Fields> transport = inside(core, "transport");
        Optional<Fields> channel = inside(transport, "channel");
        Optional<Fields> speed = inside(channel, "speed");
        warnOfRest(core, "transport");
        warnOfRest(transport, "channel");
        warnOfRest(channel, "speed");
        return speed.flatMap(
                        found -> ParameterBinder.bind(Setting.class, found.json(), found.path(), Path.of(""), problems))
                .map(found -> new ChannelSpeed(limit(found.byte_()), limit(found.record())))
                .orElse(ChannelSpeed.UNLIMITED);
    }

    /** DataX turns a limit off with -1, and with 0. */
    static OptionalLong limit(Optional<Long> given) {
        return given.filter(limit -> limit > 0).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private static Optional<Fields> inside(Optional<Fields> around, String key) {
        return around.flatMap(fields -> fields.object(key));
    }

    private static void warnOfRest(Optional<Fields> around, String kept) {
        around.ifPresent(fields -> fields.only(List.of(kept), others(fields.json(), kept)));
    }

    private static List<String> others(ObjectNode json, String kept) {
        return json.properties().stream()
                .map(Map.Entry::getKey)
                .filter(key -> !key.equals(kept))
                .toList();
    }
}
