package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution.Ended;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugin folders that are not as they should be. */
class PluginFoldersIT {

    private static final String HOLLOW = """
            public final class Hollow implements dev.transvase.spi.Plugin {
                public java.util.List<dev.transvase.spi.StepType> stepTypes() {
                    return java.util.List.of(Part.type());
                }
            }
            final class Part {
                static dev.transvase.spi.StepType type() {
                    throw new IllegalStateException();
                }
            }
            """;

    @TempDir
    private Path folder;

    private TestingDistribution transvase;
    private TestingPlugin plugin;

    @BeforeEach
    void unpack() throws IOException, InterruptedException {
        transvase = TestingDistribution.unpack(folder.resolve("transvase"));
        plugin = new TestingPlugin(transvase, Files.createDirectory(folder.resolve("classes")));
    }

    @Test
    void aPluginWithoutItsServiceFileIsNamedAndHarmsNoOther() throws IOException, InterruptedException {
        Path broken = plugin.compile("Hollow", HOLLOW).install("hollow", "");
        unusable(broken, "META-INF/services/dev.transvase.spi.Plugin");
    }

    @Test
    void aPluginWhoseEntryIsMissingIsNamedAndHarmsNoOther() throws IOException, InterruptedException {
        Path broken = plugin.compile("Hollow", HOLLOW).install("hollow", "com.example.Gone");
        unusable(broken, "com.example.Gone");
    }

    @Test
    void aPluginThatLacksAClassIsNamedAndHarmsNoOther() throws IOException, InterruptedException {
        Path broken = plugin.compile("Hollow", HOLLOW).without("Part").install("hollow", "Hollow");
        unusable(broken, "lack the class Part");
    }

    @Test
    void aJarThatIsCutOffIsNamedAndHarmsNoOther() throws IOException, InterruptedException {
        Path broken = plugin.compile("Hollow", HOLLOW).install("hollow", "Hollow");
        Path jar = broken.resolve("hollow.jar");
        byte[] whole = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(whole, whole.length / 2));
        unusable(broken, "hollow.jar is damaged");
    }

    @Test
    void aClassOfALaterJavaIsNamedAndHarmsNoOther() throws IOException, InterruptedException {
        Path compiled = folder.resolve("classes/Hollow.class");
        plugin.compile("Hollow", HOLLOW);
        byte[] later = Files.readAllBytes(compiled);
        later[7] = 99; // the class file's version
        Files.write(compiled, later);
        unusable(plugin.install("hollow", "Hollow"), "more recent version of the Java Runtime");
    }

    private void unusable(Path broken, String reason) throws IOException, InterruptedException {
        Ended plugins = transvase.run("plugins");
        assertThat(plugins.code()).isZero();
        assertThat(plugins.out()).contains("stream reader").doesNotContain("hollow");
        assertThat(plugins.err()).contains("plugin hollow in " + broken, reason).hasLineCount(1);
        assertThat(transvase.run("run", "examples/stream-to-stream.json").code())
                .isZero();
        Path job = Files.writeString(
                folder.resolve("job.json"),
                CommandLineIT.streamJob(1, 1, "").replaceFirst("\"stepType\": \"stream\"", "\"stepType\": \"hollow\""));
        Ended run = transvase.run("run", job);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("[STEP_TYPE_UNKNOWN]", reason).doesNotContain("\tat ");
    }

    @Test
    void twoPluginsForOneStepTypeAreBothNamed() throws IOException, InterruptedException {
        Path twin = Files.createDirectory(transvase.home().resolve("plugin/twin"));
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(transvase.home().resolve("plugin/stream"))) {
            for (Path jar : jars) {
                Files.copy(jar, twin.resolve(jar.getFileName()));
            }
        }
        Ended run = transvase.run("run", "examples/stream-to-stream.json");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("[STEP_TYPE_AMBIGUOUS]", "stream, twin", "Remove all but one");
        assertThat(transvase.run("plugins").err()).contains("offered by stream and twin");
    }
}
