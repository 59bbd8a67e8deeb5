package dev.transvase.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs programs of the server with an environment that the user's own PostgreSQL settings do not reach. */
final class Command {
    private Command() {}

    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        // One language, because messages of the server are looked at.
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    static int exitCode(List<String> command) throws IOException {
        Process process = builder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        return await(process, command);
    }

    /**
     * Runs a command to its end.
     *
     * @param output takes what it writes; a file, because a server that the command leaves behind would hold a pipe open
     * @throws EmbeddedServerException with that output when it does not succeed
     */
    static void run(List<String> command, Path output) throws IOException {
        Process process = builder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        int code = await(process, command);
        if (code != 0) {
            throw new EmbeddedServerException(
                    String.join(" ", command) + " ended with code " + code + ":\n" + text(output));
        }
    }

    static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    }

    static int await(Process process, List<String> command) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Interrupted while running " + command.get(0), e);
        }
    }
}
