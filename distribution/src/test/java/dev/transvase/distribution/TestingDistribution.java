package dev.transvase.distribution;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The archive, unpacked as a user does it. */
public final class TestingDistribution {

    private final Path home;

    private TestingDistribution(Path home) {
        this.home = home;
    }

    /** Unpacks it into this folder. */
    public static TestingDistribution unpack(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path archive = Path.of(System.getProperty("transvase.archive"));
        Process tar = new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", folder.toString())
                .inheritIO()
                .start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar could not unpack " + archive);
        }
        try (DirectoryStream<Path> tops = Files.newDirectoryStream(folder)) {
            return new TestingDistribution(tops.iterator().next());
        }
    }

    public Path home() {
        return home;
    }

    Path script() {
        return home.resolve("bin/transvase");
    }

    /** A run of {@code bin/transvase}, in the folder it is in, not started yet. */
    public ProcessBuilder command(Object... arguments) {
        List<String> command = new ArrayList<>(List.of(script().toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment()
                .keySet()
                .removeAll(List.of(
                        "TRANSVASE_JAVA_OPTS",
                        "TRANSVASE_DATASOURCES",
                        "JDK_JAVA_OPTIONS",
                        "JAVA_TOOL_OPTIONS",
                        "_JAVA_OPTIONS"));
        return builder;
    }

    /** Runs {@code bin/transvase} to its end. */
    public Ended run(Object... arguments) throws IOException, InterruptedException {
        return run(command(arguments));
    }

    /** Runs {@code bin/transvase} to its end with further environment variables. */
    public Ended run(Map<String, String> variables, Object... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = command(arguments);
        builder.environment().putAll(variables);
        return run(builder);
    }

    public static Ended run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path out = Files.createTempFile("transvase", ".out");
        Path err = Files.createTempFile("transvase", ".err");
        try {
            Process process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().close();
            return new Ended(process.waitFor(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /**
     * A process that has ended.
     *
     * @param code its exit code
     * @param out what it printed
     * @param err what it told people
     */
    public record Ended(int code, String out, String err) {}
}
