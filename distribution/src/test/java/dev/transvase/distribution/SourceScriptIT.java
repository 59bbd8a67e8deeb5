package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./transvase} in a clone, with builds that are made up: which Maven it takes, and that it hands its arguments on. */
class SourceScriptIT {

    private static final Path SCRIPT = Path.of(System.getProperty("transvase.docs"))
            .toAbsolutePath()
            .normalize()
            .resolveSibling("transvase");

    /** What the script needs of the system, so that no Maven of this machine is on its path. */
    private static final List<String> TOOLS =
            List.of("sh", "dirname", "readlink", "sed", "find", "tar", "gzip", "touch", "rm", "mkdir", "chmod", "cat");

    @TempDir
    Path folder;

    private Path path;
    private Path clone;

    @BeforeEach
    void makeAClone() throws IOException {
        path = Files.createDirectory(folder.resolve("path"));
        for (String tool : TOOLS) {
            program(path.resolve(tool), "exec " + found(tool) + " \"$@\"");
        }
        program(path.resolve("javac"), "exit 0");
        clone = Files.createDirectory(folder.resolve("clone"));
        Files.writeString(clone.resolve("pom.xml"), "<project>\n  <version>1</version>\n</project>\n");
        Files.copy(SCRIPT, clone.resolve("transvase"));
        build(clone.resolve("mvnw"), "the wrapper");
    }

    @Test
    void isBuiltByTheWrapperWhereThereIsNoMaven() throws IOException, InterruptedException {
        assertThat(transvase("run", "a job.json")).isEqualTo("built by the wrapper: run a job.json\n");
    }

    @Test
    void isBuiltByMavenWhereThereIsOne() throws IOException, InterruptedException {
        build(path.resolve("mvn"), "Maven");
        assertThat(transvase("version")).isEqualTo("built by Maven: version\n");
    }

    @Test
    void isNotBuiltAgainWithoutAChange() throws IOException, InterruptedException {
        assertThat(transvase("version")).isEqualTo("built by the wrapper: version\n");
        build(path.resolve("mvn"), "Maven");
        assertThat(transvase("version")).isEqualTo("built by the wrapper: version\n");
    }

    private String transvase(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(clone.resolve("transvase").toString()).redirectError(Redirect.DISCARD);
        builder.command().addAll(List.of(arguments));
        builder.environment().put("PATH", path.toString());
        builder.environment().remove("JAVA_HOME");
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }

    /** A Maven that makes an archive whose program tells who made it. */
    private void build(Path file, String name) throws IOException {
        program(
                file,
                "mkdir -p distribution/target/transvase-1/bin",
                "cat >distribution/target/transvase-1/bin/transvase <<'END'",
                "#!/bin/sh",
                "echo \"built by " + name + ": $*\"",
                "END",
                "chmod +x distribution/target/transvase-1/bin/transvase",
                "tar -czf distribution/target/transvase-1.tar.gz -C distribution/target transvase-1",
                "rm -r distribution/target/transvase-1");
    }

    private static void program(Path file, String... lines) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path found(String tool) {
        for (String place : List.of("/usr/bin", "/bin")) {
            if (Files.exists(Path.of(place, tool))) {
                return Path.of(place, tool);
            }
        }
        throw new IllegalStateException("there is no " + tool + " in /usr/bin or /bin");
    }
}
