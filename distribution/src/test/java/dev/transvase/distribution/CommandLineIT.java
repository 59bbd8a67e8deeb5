package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that need no server. */
class CommandLineIT {

    @TempDir
    private static Path folder;

    private static TestingDistribution transvase;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        transvase = TestingDistribution.unpack(folder.resolve("transvase"));
    }

    @Test
    void versionIsThatOfTheArchive() throws IOException, InterruptedException {
        Ended ended = transvase.run("version");
        assertThat(ended.code()).isZero();
        String name = transvase.home().getFileName().toString();
        assertThat(ended.out()).isEqualTo("transvase " + name.substring("transvase-".length()) + "\n");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void helpIsAResultAndMisuseAnError() throws IOException, InterruptedException {
        assertThat(transvase.run("help").out()).contains("run ", "check ", "datasource ", "plugins ");
        Ended misused = transvase.run("chekc");
        assertThat(misused.code()).isEqualTo(2);
        assertThat(misused.err()).contains("did you mean check?");
        assertThat(misused.out()).isEmpty();
    }

    @Test
    void pluginsAreLoadedFromTheirFolders() throws IOException, InterruptedException {
        Ended ended = transvase.run("plugins");
        assertThat(ended.code()).isZero();
        assertThat(ended.err()).isEmpty();
        for (String plugin : List.of("stream", "postgresql-reader", "postgresql-writer")) {
            assertThat(ended.out())
                    .contains(transvase.home().resolve("plugin").resolve(plugin).toString());
        }
        assertThat(ended.out()).contains("stream reader, stream writer", "postgresql reader", "postgresql writer");
    }

    @Test
    void everyStepTypeIsDescribed() throws IOException, InterruptedException {
        for (String side : List.of("reader", "writer")) {
            for (String type : List.of("stream", "postgresql")) {
                Ended ended = transvase.run("describe", type, side);
                assertThat(ended.code()).as(ended.err()).isZero();
                assertThat(ended.out()).startsWith(type + " " + side);
            }
        }
        assertThat(transvase
                        .run("describe", "postgresql", "reader", "--json-schema")
                        .out())
                .startsWith("{")
                .contains("\"splitFactor\"");
    }

    @Test
    void aStreamJobPrintsItsRecordsAndNothingElse() throws IOException, InterruptedException {
        Path report = folder.resolve("report.json");
        Ended ended = transvase.run("run", "examples/stream-to-stream.json", "--report", report);
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out().lines()).hasSize(10).allMatch(line -> line.startsWith("order,"));
        assertThat(ended.err()).contains("SUCCEEDED");
        assertThat(Files.readString(report)).contains("\"status\" : \"SUCCEEDED\"", "\"records\" : 10");
    }

    @Test
    void manyRecordsPassAPipe() throws IOException, InterruptedException {
        Path job = streamJob("many", 50_000, 4, "");
        Ended ended = transvase.run("run", job);
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out().lines()).hasSize(200_000);
    }

    @Test
    void anInvalidJobIsReported() throws IOException, InterruptedException {
        Path job = Files.writeString(
                folder.resolve("invalid.json"),
                Files.readString(transvase.home().resolve("examples/stream-to-stream.json"))
                        .replace("\"sliceRecordCount\"", "\"sliceRecordCuont\"")
                        .replace("\"print\": true", "\"print\": \"perhaps\""));
        Path report = folder.resolve("invalid-report.json");
        Ended ended = transvase.run("run", job, "--report", report);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .contains("sliceRecordCuont", "did you mean `sliceRecordCount`?", "print", "2 errors")
                .doesNotContain("\tat ");
        assertThat(Files.readString(report)).contains("\"status\" : \"FAILED\"", "\"code\" : \"INVALID_JOB\"");
    }

    @Test
    void aReportThatCannotBeWrittenIsToldFirst() throws IOException, InterruptedException {
        Ended ended =
                transvase.run("run", "examples/stream-to-stream.json", "--report", folder.resolve("no/such/file"));
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("[REPORT_UNWRITABLE]");
    }

    @Test
    void theExampleOfDataSourcesIsListedWithoutItsSecrets() throws IOException, InterruptedException {
        Ended ended = transvase.run("datasource", "list");
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("shop", "warehouse", "postgresql");
    }

    @Test
    void theExamplesAreValidUpToTheServerThatIsNotThere() throws IOException, InterruptedException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        Path dataSources = folder.resolve("datasources.json");
        Files.writeString(
                dataSources,
                Files.readString(transvase.home().resolve("conf/datasources.json"))
                        .replace("5432", String.valueOf(closed)));
        Map<String, String> secrets = Map.of("SHOP_PASSWORD", "hush-1", "WAREHOUSE_PASSWORD", "hush-2");
        for (String example : List.of("postgresql-to-postgresql", "postgresql-to-stream", "whole-database", "datax")) {
            Path job = folder.resolve(example + ".json");
            Files.writeString(
                    job,
                    Files.readString(transvase.home().resolve("examples/" + example + ".json"))
                            .replace("5432", String.valueOf(closed)));
            Ended ended = transvase.run(
                    secrets,
                    "check",
                    job,
                    "--datasources",
                    dataSources,
                    "-D",
                    "since=2026-01-01",
                    "-D",
                    "shop=127.0.0.1:" + closed + "/shop",
                    "-D",
                    "warehouse=127.0.0.1:" + closed + "/warehouse",
                    "-D",
                    "user=loader",
                    "-D",
                    "password=hush-3");
            assertThat(ended.code()).as(ended.err()).isEqualTo(3);
            assertThat(ended.err()).contains(String.valueOf(closed)).doesNotContain("hush", "\tat ");
        }
    }

    /** A job that makes numbers. */
    static Path streamJob(String name, long records, int channels, String speed) throws IOException {
        return Files.writeString(folder.resolve(name + ".json"), streamJob(records, channels, speed));
    }

    static String streamJob(long records, int channels, String speed) {
        return """
                {"type": "job", "version": "2.0", "steps": [
                  {"stepType": "stream", "name": "Reader", "category": "reader", "parameter":
                    {"column": [{"type": "long", "incr": "1,1"}], "sliceRecordCount": %d}},
                  {"stepType": "stream", "name": "Writer", "category": "writer", "parameter": {"print": true}}],
                 "setting": {"errorLimit": {"record": 0}, "speed": {"concurrent": %d %s}},
                 "order": {"hops": [{"from": "Reader", "to": "Writer"}]}}
                """.formatted(records, channels, speed);
    }
}
