package dev.transvase.ui.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads from its folder how a run is. */
final class RunReader {

    private static final long SIGNAL = 128;
    private static final long KILLED = SIGNAL + 9;

    /** By SIGHUP, SIGINT and SIGTERM. */
    private static final Set<Long> TOLD_TO_END = Set.of(SIGNAL + 1, SIGNAL + 2, SIGNAL + 15);

    private static final String KILLED_MESSAGE =
            "it ended without a report: it was killed (SIGKILL, the out-of-memory killer), or the machine went down; what it had"
                    + " committed stays";

    private RunReader() {}

    /** The run; empty when the folder is not one of a run, or not yet. */
    static Optional<Run> read(RunFolder folder) {
        return RunFolder.object(folder.start()).map(start -> read(folder, start));
    }

    private static Run read(RunFolder folder, ObjectNode start) {
        // In this order: an end that comes in between is seen the next time, and none is taken for a kill.
        boolean alive = RunProcess.isAlive(folder, start);
        Optional<Long> exit = RunFolder.number(folder.exit());
        Optional<ObjectNode> report = RunFolder.object(folder.report());
        RunState state = state(alive, exit, report);
        JsonNode ended = report.<JsonNode>map(node -> node).orElse(start.missingNode());
        String error = ended.path("error").path("message").asText("");
        String code = ended.path("error").path("code").asText("");
        if (state == RunState.KILLED) {
            error = KILLED_MESSAGE;
            code = "KILLED";
        } else if (state == RunState.FAILED && report.isEmpty()) {
            error = "it ended before it began; its log says why";
            code = "NOT_BEGUN";
        }
        return new Run(
                folder.id(),
                RunFolder.text(start, "job"),
                variables(start),
                start.path("untilCurrent").asBoolean(),
                state,
                RunFolder.text(start, "startedAt"),
                state.ended() ? endedAt(folder) : Optional.empty(),
                number(ended.path("elapsedMillis")),
                exit.map(OptionalLong::of).orElse(OptionalLong.empty()),
                number(ended.path("read").path("records")),
                number(ended.path("read").path("bytes")),
                number(ended.path("written").path("records")),
                number(ended.path("dirty").path("records")),
                error,
                code,
                state == RunState.RUNNING);
    }

    private static RunState state(boolean alive, Optional<Long> exit, Optional<ObjectNode> report) {
        if (exit.isEmpty() && alive) {
            return RunState.RUNNING;
        }
        if (report.isPresent()) {
            return switch (RunFolder.text(report.get(), "status")) {
                case "SUCCEEDED" -> RunState.SUCCEEDED;
                case "STOPPED" -> RunState.STOPPED;
                default -> RunState.FAILED;
            };
        }
        long code = exit.orElse(KILLED);
        if (code == 0) {
            return RunState.SUCCEEDED;
        } else if (TOLD_TO_END.contains(code)) {
            return RunState.STOPPED;
        }
        return code > SIGNAL ? RunState.KILLED : RunState.FAILED;
    }

    private static Map<String, String> variables(ObjectNode start) {
        Map<String, String> variables = new LinkedHashMap<>();
        start.path("variables")
                .properties()
                .forEach(member ->
                        variables.put(member.getKey(), member.getValue().asText()));
        return variables;
    }

    private static OptionalLong number(JsonNode node) {
        return node.isIntegralNumber() ? OptionalLong.of(node.longValue()) : OptionalLong.empty();
    }

    private static Optional<String> endedAt(RunFolder folder) {
        for (Path last : new Path[] {folder.exit(), folder.report(), folder.output()}) {
            try {
                if (Files.exists(last)) {
                    return Optional.of(
                            Files.getLastModifiedTime(last).toInstant().toString());
                }
            } catch (IOException e) {
                // the next one may tell
            }
        }
        return Optional.empty();
    }
}
