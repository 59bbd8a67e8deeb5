package dev.transvase.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A small shell that outlives this JVM when it is killed, to stop a server and delete its folder. It reads from a pipe
 * that only this JVM can write to: an end of the pipe without a word means that the JVM is gone.
 */
final class JvmWatch {
    private static final String WORD = "done";

    // Signals that a terminal sends to the whole process group must not end the watch before the JVM.
    private static final String SCRIPT = "trap '' INT TERM HUP QUIT; folder=$1; shift; read -r word;"
            + " if [ \"$word\" != " + WORD + " ]; then \"$@\"; rm -rf -- \"$folder\"; fi";

    private final Process process;

    private JvmWatch(Process process) {
        this.process = process;
    }

    static JvmWatch begin(List<String> stopCommand, Path folder) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh", folder.toString()));
        command.addAll(stopCommand);
        return new JvmWatch(Command.builder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start());
    }

    /** The server is gone and its folder too: nothing is left to watch. */
    void end() {
        try (var toWatch = process.getOutputStream()) {
            toWatch.write((WORD + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // It was killed from outside, and with it went only the precaution.
            process.destroy();
        }
    }
}
