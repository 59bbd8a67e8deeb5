package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin of docs/writing-a-plugin.md does what that page says. */
class DocumentedPluginIT {

    private static final Pattern CODE = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("public (?:final class|record) (\\w+)");

    @TempDir
    Path folder;

    @Test
    void isCompiledInstalledDescribedAndRun() throws IOException, InterruptedException {
        TestingDistribution distribution = TestingDistribution.unpack(folder.resolve("unpacked"));
        new TestingPlugin(distribution, Files.createDirectories(folder.resolve("work")))
                .compile(documentedSources())
                .install("lines", "acme.lines.LinesPlugin");

        assertThat(distribution.run("plugins").out()).contains("lines reader");
        assertThat(distribution.run("describe", "lines").out()).contains("batchSize", "512", "Records in a batch.");

        Files.writeString(folder.resolve("a.txt"), "one\ntwo\n");
        Files.writeString(folder.resolve("b.txt"), "three\n");
        Path job = Files.writeString(folder.resolve("lines.json"), """
                {"type": "job", "version": "2.0", "steps": [
                  {"stepType": "lines", "name": "R", "category": "reader",
                   "parameter": {"path": ["a.txt", "b.txt"], "batchSize": "1"}},
                  {"stepType": "stream", "name": "W", "category": "writer", "parameter": {"fieldDelimiter": " "}}]}
                """);
        Ended ended = distribution.run("run", job);
        assertThat(ended.err()).contains("SUCCEEDED");
        assertThat(ended.code()).isZero();
        assertThat(ended.out().lines()).containsExactly("1 one", "2 two", "1 three");

        Files.delete(folder.resolve("b.txt"));
        Ended missing = distribution.run("run", job);
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("steps[0].parameter.path[1]", "b.txt");
    }

    private static List<TestingPlugin.Source> documentedSources() throws IOException {
        String page =
                Files.readString(Path.of(System.getProperty("transvase.docs")).resolve("writing-a-plugin.md"));
        List<TestingPlugin.Source> sources = new ArrayList<>();
        for (MatchResult code : CODE.matcher(page).results().toList()) {
            Matcher name = CLASS.matcher(code.group(1));
            assertThat(name.find()).as("a class in %s", code.group(1)).isTrue();
            sources.add(new TestingPlugin.Source("acme.lines." + name.group(1), code.group(1)));
        }
        assertThat(sources).hasSize(3);
        return sources;
    }
}
