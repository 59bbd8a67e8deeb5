package dev.transvase.ui.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.transvase.ui.http.Refusal;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processes of a run: the job's, and a shell that waits for it and writes down how it ended. */
final class RunProcess {

    /**
     * Ctrl-C in the terminal of this server, and its end, are none of a run's business, so both are ignored; SIGTERM is handed on. The
     * exit code is written even when this server is no longer there.
     */
    private static final String WAITING = """
            trap '' INT HUP
            folder=$1
            shift
            "$@" </dev/null >>"$folder/printed.txt" 2>>"$folder/output.log" &
            child=$!
            trap 'kill -TERM "$child" 2>/dev/null' TERM
            printf '%s\\n' "$child" >"$folder/pid.part" && mv "$folder/pid.part" "$folder/pid"
            wait "$child"
            code=$?
            while kill -0 "$child" 2>/dev/null; do
                wait "$child"
                code=$?
            done
            printf '%s\\n' "$code" >"$folder/exit.part" && mv "$folder/exit.part" "$folder/exit"
            """;

    /** What a process tells of its start is not exact to the second: it depends on the machine's clock. */
    private static final Duration TOLERANCE = Duration.ofSeconds(3);

    private RunProcess() {}

    /**
     * Starts a run, which goes on when this process ends.
     *
     * @param command the job's own
     * @param workFolder where it runs
     * @return the shell that waits for it
     */
    static ProcessHandle start(RunFolder folder, List<String> command, Path workFolder) {
        List<String> shell = new ArrayList<>(
                List.of("/bin/sh", "-c", WAITING, "transvase-run", folder.path().toString()));
        shell.addAll(command);
        try {
            return new ProcessBuilder(shell)
                    .directory(workFolder.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .toHandle();
        } catch (IOException e) {
            throw Refusal.outside("RUN_NOT_STARTED", "the run cannot be started: " + e.getMessage(), e);
        }
    }

    /** Whether the shell or the job is still there. */
    static boolean isAlive(RunFolder folder, JsonNode start) {
        return shell(start).isPresent() || job(folder).isPresent();
    }

    private static Optional<ProcessHandle> shell(JsonNode start) {
        if (!start.path("pid").isIntegralNumber()) {
            return Optional.empty();
        }
        Instant begun = instant(start.path("processStartedAt").asText(""));
        return ProcessHandle.of(start.path("pid").longValue())
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(started -> Duration.between(begun, started).abs().compareTo(TOLERANCE) <= 0)
                        .orElse(true));
    }

    private static Instant instant(String text) {
        return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
    }

    /** The process of the job, if it is still there: its number may be another one's by now, which does not name the folder. */
    static Optional<ProcessHandle> job(RunFolder folder) {
        return RunFolder.number(folder.pid())
                .flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .commandLine()
                        .map(line -> line.contains(folder.id()))
                        .orElse(true));
    }
}
