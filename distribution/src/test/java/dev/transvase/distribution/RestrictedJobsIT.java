package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Job files of somebody else: {@code --restricted}. */
class RestrictedJobsIT {

    @TempDir
    private Path folder;

    private TestingDistribution transvase;
    private Path jobs;

    @BeforeEach
    void unpack() throws IOException, InterruptedException {
        transvase = TestingDistribution.unpack(folder.resolve("transvase"));
        jobs = Files.createDirectory(folder.resolve("jobs"));
        Files.createDirectory(jobs.resolve("out"));
        Files.writeString(
                folder.resolve("sources.json"),
                "{\"datasources\": {\"shop\": {\"type\": \"postgresql\", \"host\": \"db.invalid\", \"database\": \"d\","
                        + " \"username\": \"u\"}}}");
    }

    @Test
    void everythingThatIsNotAllowedIsToldAtOnce() throws IOException, InterruptedException {
        Path job = job("""
                {"type": "job", "version": "2.0", "steps": [
                  {"stepType": "postgresql", "name": "Reader", "category": "reader", "parameter": {
                    "datasource": "shop", "table": "t", "column": ["id", "pg_read_file('/etc/passwd')"],
                    "where": "id in (SELECT id FROM secrets)", "session": ["SET role TO admin"]}},
                  {"stepType": "postgresql", "name": "Writer", "category": "writer", "parameter": {
                    "datasource": "shop", "table": "t", "column": ["id", "x"], "preSql": "DROP TABLE t",
                    "postSql": ["COPY t TO PROGRAM 'sh'"]}}]}
                """);
        for (String command : new String[] {"run", "check"}) {
            Ended ended = transvase.run(command, job, "--datasources", folder.resolve("sources.json"), "--restricted");
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.err())
                    .contains(
                            "job.json: steps[0].parameter.column[1]: is an expression",
                            "job.json: steps[0].parameter.where: is code",
                            "job.json: steps[0].parameter.session: is code",
                            "job.json: steps[1].parameter.preSql: is code",
                            "job.json: steps[1].parameter.postSql: is code",
                            "[RESTRICTED]",
                            "5 errors, nothing was moved")
                    .doesNotContain("column[0]");
        }
    }

    @Test
    void aConnectionOfTheJobsOwnIsRefusedAndTheVariableForcesIt() throws IOException, InterruptedException {
        Path job = job("""
                {"job": {"content": [{
                  "reader": {"name": "postgresqlreader", "parameter": {"username": "u", "password": "${env:HOME}",
                    "column": ["*"], "connection": [{"jdbcUrl": ["jdbc:postgresql://db.invalid/d"], "table": ["t"]}]}},
                  "writer": {"name": "streamwriter", "parameter": {}}}]}}
                """);
        Ended forced = transvase.run(Map.of("TRANSVASE_RESTRICTED", "1"), "run", job);
        assertThat(forced.code()).isEqualTo(2);
        assertThat(forced.err()).contains("reader.parameter.connection: connects to a database", "[RESTRICTED]");
        assertThat(transvase
                        .run(Map.of("TRANSVASE_RESTRICTED", "false"), "run", job)
                        .err())
                .doesNotContain("RESTRICTED");
    }

    @Test
    void filesAreWrittenInTheJobsFolderOnly() throws IOException, InterruptedException {
        Ended inside = transvase.run(
                "run", job(streamTo("out/rows.txt")), "--restricted", "--report", folder.resolve("r.json"));
        assertThat(inside.err()).contains("SUCCEEDED");
        assertThat(inside.code()).isZero();
        assertThat(jobs.resolve("out/rows.txt")).exists();

        Ended outside = transvase.run("run", job(streamTo("../rows.txt")), "--restricted");
        assertThat(outside.code()).isEqualTo(2);
        assertThat(outside.err())
                .contains("steps[1].parameter.path: is outside of the job file's folder", "[RESTRICTED]");

        Files.createSymbolicLink(jobs.resolve("out/link.txt"), folder.resolve("elsewhere.txt"));
        Ended linked = transvase.run(
                "run",
                job(streamTo("out").replace("\"print\"", "\"fileName\": \"link.txt\", \"print\"")),
                "--restricted");
        assertThat(linked.code()).isEqualTo(2);
        assertThat(linked.err()).contains("[RESTRICTED]");
        assertThat(folder.resolve("elsewhere.txt")).doesNotExist();
        assertThat(folder.resolve("rows.txt")).doesNotExist();
    }

    @Test
    void aPluginThatSaysNothingOfItsTextsGetsNone() throws IOException, InterruptedException {
        new TestingPlugin(transvase, Files.createDirectory(folder.resolve("classes")))
                .compile("Shelly", SHELLY)
                .install("shelly", "Shelly");
        Path job = job("""
                {"type": "job", "version": "2.0", "steps": [
                  {"stepType": "shelly", "name": "Reader", "category": "reader", "parameter": {
                    "command": "sh", "script": "rm -r", "title": "x", "times": 3}},
                  {"stepType": "stream", "name": "Writer", "category": "writer", "parameter": {}}]}
                """);
        Ended restricted = transvase.run("check", job, "--restricted");
        assertThat(restricted.code()).isEqualTo(2);
        assertThat(restricted.err())
                .contains(
                        "parameter.command: is a text that the plugin does not declare",
                        "parameter.script: is code",
                        "2 errors");
        Ended described = transvase.run("describe", "shelly");
        assertThat(described.out()).contains("What to run. Not allowed with --restricted.");
    }

    private Path job(String json) throws IOException {
        return Files.writeString(jobs.resolve("job.json"), json);
    }

    private static String streamTo(String path) {
        return CommandLineIT.streamJob(3, 1, "")
                .replaceFirst("(?s)(.*\"parameter\": \\{)", "$1\"path\": \"" + path + "\", ");
    }

    private static final String SHELLY = """
            import dev.transvase.spi.*;
            import dev.transvase.spi.parameter.*;
            import java.util.List;
            import java.util.Optional;

            public final class Shelly implements Plugin {
                public record Script(
                        @Parameter(description = "What to run.", required = true) String command,
                        @Parameter(description = "Code.", reach = Reach.CODE) Optional<String> script,
                        @Parameter(description = "A title.", reach = Reach.VALUE) Optional<String> title,
                        @Parameter(description = "How often.", defaultValue = "1") int times) {}

                public List<StepType> stepTypes() {
                    return List.of(new ReaderType(
                            "shelly", List.of(), "Runs.", Script.class, Optional.empty(), Reader.class));
                }
            }
            """;
}
