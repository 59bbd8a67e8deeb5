package dev.transvase.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.transvase.cli.TestingHome;
import dev.transvase.cli.process.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {

    @TempDir
    private Path folder;

    private TestingHome home;
    private Path report;

    @BeforeEach
    void install() throws IOException {
        home = new TestingHome(folder);
        report = folder.resolve("report.json");
    }

    @Test
    void aJobThatSucceedsIsSummedUp() throws IOException {
        Path job = home.job("{\"splits\": 2}", "{}", "{\"speed\": {\"concurrent\": 2}}");
        assertThat(home.run("run", job, "--report", report)).isZero();
        assertThat(home.out()).isEmpty();
        assertThat(home.err())
                .contains("job numbers: SUCCEEDED in ", "2 channels, 2 splits")
                .containsPattern("read +6 ")
                .containsPattern("public\\.numbers +the void +6 +6 +0");
        assertThat(report().path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(home.log()).contains("job numbers starts", "6 records read, 6 written, 0 dirty");
    }

    @Test
    void everyErrorOfAJobIsToldAndReported() throws IOException {
        Path job = home.job("{\"recrods\": 1, \"splits\": \"x\"}", "{\"durable\": \"maybe\"}", "{}");
        assertThat(home.run("run", job, "--report", report)).isEqualTo(ExitCode.USER);
        assertThat(home.err())
                .contains("recrods", "did you mean `records`?", "splits", "durable")
                .contains("3 errors, nothing was moved")
                .doesNotContain("\tat ");
        assertThat(report().path("error").path("code").asText()).isEqualTo("INVALID_JOB");
        assertThat(report().path("error").path("type").asText()).isEqualTo("USER");
        assertThat(report().path("status").asText()).isEqualTo("FAILED");
    }

    @Test
    void variablesAreReplaced() throws IOException {
        Path job = home.job("{\"records\": \"${count}\"}", "{}", "{}");
        assertThat(home.run("run", job, "-D", "count=5")).isZero();
        assertThat(home.err()).containsPattern("read +5 ");
        assertThat(home.run("run", job)).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("${count}");
    }

    @Test
    void warningsAreShownAndDoNotKeepAJobFromRunning() throws IOException {
        Path job = home.job("{\"warning\": \"mind the gap\"}", "{}", "{}");
        assertThat(home.run("run", job)).isZero();
        assertThat(home.err()).contains("warning: ").contains("mind the gap").contains("SUCCEEDED");
    }

    @Test
    void noOutputOverwritesAnotherFile() throws IOException {
        Path job = home.job("{}", "{\"dirty\": 2}", "{}");
        String text = Files.readString(job);
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), job);
        for (Path output : List.of(job, link, folder.resolve("x/../" + job.getFileName()))) {
            for (String option : List.of("--report", "--dirty")) {
                assertThat(home.run("run", job, option, output)).isEqualTo(ExitCode.USER);
                assertThat(home.err()).contains("SAME_FILE", option + " and the job name the same file");
                assertThat(job).hasContent(text);
            }
        }
        assertThat(home.run("run", job, "--report", report, "--dirty", report)).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("SAME_FILE", "--report and --dirty");
        assertThat(report).doesNotExist();
    }

    @Test
    void whatMayHoldRowsIsForItsOwnerOnly() throws IOException {
        Path job = home.job("{}", "{\"dirty\": 2}", "{\"errorLimit\": {\"record\": 2}}");
        Path dirty = folder.resolve("dirty.jsonl");
        assertThat(home.run("run", job, "--dirty", dirty, "--report", report)).isZero();
        for (Path file : List.of(dirty, report, folder.resolve("log/transvase.log"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .as(file.toString())
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void whatIsWarnedOfWhileTheJobRunsIsShownAndReported() throws IOException {
        Path job = home.job(
                "{\"splits\": 3, \"warning\": \"mind the gap\", \"notice\": \"a gap was passed\"}", "{}", "{}");
        assertThat(home.run("run", job, "--report", report)).isZero();
        assertThat(home.err()).containsOnlyOnce("warning: a gap was passed");
        assertThat(report().path("warnings"))
                .extracting(JsonNode::textValue)
                .satisfiesExactly(
                        before -> assertThat(before).contains("mind the gap"),
                        meanwhile -> assertThat(meanwhile).isEqualTo("a gap was passed"));
    }

    @Test
    void theErrorLimitHasACodeOfItsOwn() throws IOException {
        Path job = home.job("{}", "{\"dirty\": 2}", "{\"errorLimit\": {\"record\": 1}}");
        assertThat(home.run("run", job, "--report", report)).isEqualTo(ExitCode.DATA);
        assertThat(home.err()).contains("FAILED", "[ERROR_LIMIT_EXCEEDED]");
        assertThat(report().path("error").path("code").asText()).isEqualTo("ERROR_LIMIT_EXCEEDED");
    }

    @Test
    void dirtyRecordsGoToTheirFileOrAreMentioned() throws IOException {
        Path job = home.job("{}", "{\"dirty\": 2}", "{\"errorLimit\": {\"record\": 2}}");
        Path dirty = folder.resolve("dirty.jsonl");
        assertThat(home.run("run", job, "--dirty", dirty)).isZero();
        assertThat(Files.readString(dirty)).matches("(\\{.*}\n){2}");
        assertThat(home.err()).doesNotContain("--dirty");
        assertThat(home.run("run", job)).isZero();
        assertThat(home.err()).contains("--dirty FILE keeps all", "transvase.log");
        assertThat(home.log())
                .contains("a key that already exists (SQLSTATE 23505), constraint numbers_pkey")
                .doesNotContain("there is one already");
    }

    @Test
    void whatIsToldOfDirtyRecordsIsTheJobsMatter() throws IOException {
        Path dirty = folder.resolve("dirty.jsonl");
        for (String values : List.of("full", "mask", "omit")) {
            Path job = home.job(
                    "{}",
                    "{\"dirty\": 2}",
                    "{\"errorLimit\": {\"record\": 1}, \"dirty\": {\"values\": \"" + values + "\"}}");
            assertThat(home.run("run", job, "--report", report, "--dirty", dirty))
                    .isEqualTo(ExitCode.DATA);
            boolean full = values.equals("full");
            for (String told :
                    List.of(home.err(), report().path("error").path("message").asText(), Files.readString(dirty))) {
                assertThat(told.contains("there is one already"))
                        .as(values + told)
                        .isEqualTo(full);
                assertThat(told).contains(full ? "there is" : "numbers_pkey");
            }
            assertThat(Files.readString(dirty))
                    .contains(full ? "{\"n\":\"1\"}" : values.equals("mask") ? "*** (" : "\"values\":{}");
        }
        assertThat(home.run("check", home.job("{}", "{}", "{\"dirty\": {\"values\": \"some\"}}")))
                .isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("setting.dirty.values: expected one of full, mask, omit");
    }

    @Test
    void aFailureOutsideHasACodeOfItsOwnAndItsStackTraceIsInTheLogOnly() throws IOException {
        Path job = home.job("{\"fail\": \"outside\"}", "{}", "{}");
        assertThat(home.run("run", job, "--report", report)).isEqualTo(ExitCode.OUTSIDE);
        assertThat(home.err())
                .contains("error: numbers.json: steps[0].parameter: nobody listens there; start the server"
                        + " [CONNECTION_REFUSED]")
                .contains(folder.resolve("log/transvase.log").toString())
                .doesNotContain("\tat ");
        assertThat(home.log()).contains("\tat ");
        assertThat(report().path("error").path("type").asText()).isEqualTo("EXTERNAL");
    }

    @Test
    void verboseShowsTheStackTrace() throws IOException {
        Path job = home.job("{\"fail\": \"outside\"}", "{}", "{}");
        assertThat(home.run("run", job, "--verbose")).isEqualTo(ExitCode.OUTSIDE);
        assertThat(home.err()).contains("\tat ");
    }

    @Test
    void aDefectIsToldAsOne() throws IOException {
        for (Path job : new Path[] {
            home.job("{\"fail\": \"defect\"}", "{}", "{}"), home.job("{}", "{\"fail\": \"defect\"}", "{}")
        }) {
            assertThat(home.run("run", job, "--report", report)).isEqualTo(ExitCode.DEFECT);
            assertThat(home.err())
                    .contains("this is a defect", "report it", "transvase.log", "plugin sample")
                    .doesNotContain("\tat ");
            assertThat(report().path("error").path("type").asText()).isEqualTo("INTERNAL");
        }
    }

    @Test
    void theUsersErrorIsOneOnlyWhileNothingWasMoved() throws IOException {
        Path unmoved = home.job("{}", "{\"fail\": \"user\", \"durable\": false}", "{}");
        assertThat(home.run("run", unmoved)).isEqualTo(ExitCode.USER);
        Path moved = home.job("{}", "{\"fail\": \"user\", \"durable\": true}", "{}");
        assertThat(home.run("run", moved)).isEqualTo(ExitCode.OUTSIDE);
        assertThat(home.err()).contains("[TABLE_NOT_FOUND]");
    }

    @Test
    void unwritableFilesAreFoundBeforeAnythingIsMoved() throws IOException {
        Path job = home.job("{}", "{}", "{}");
        Path nowhere = folder.resolve("missing").resolve("file");
        assertThat(home.run("run", job, "--report", nowhere)).isEqualTo(ExitCode.USER);
        assertThat(home.err())
                .contains("[REPORT_UNWRITABLE]", nowhere.toString())
                .doesNotContain("SUCCEEDED");
        assertThat(home.run("run", job, "--dirty", nowhere, "--report", report)).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("[DIRTY_FILE_UNWRITABLE]");
        assertThat(report().path("written").path("records").asLong()).isZero();
    }

    @Test
    void thereIsNoReportUntilThereIsAWholeOne() throws IOException {
        Path job = home.job("{}", "{}", "{}");
        Files.writeString(report, "{\"status\": \"SUCCEEDED\"}");
        int code = home.run(
                listener -> {
                    assertThat(report).doesNotExist();
                    listener.signalled();
                    assertThat(status(report)).isEqualTo("STOPPED");
                    return () -> {};
                },
                "run",
                job,
                "--report",
                report);
        assertThat(code).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(status(report)).isEqualTo("STOPPED");
        assertThat(home.err()).contains("nothing was moved");
    }

    @Test
    void theReportMayBeALinkAndWhatItLeadsToIsKnown() throws IOException {
        Path job = home.job("{}", "{}", "{}");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), Path.of("report.json"));
        assertThat(home.run("run", job, "--report", link, "--dirty", report)).isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("SAME_FILE");
        assertThat(home.run("run", job, "--report", link)).isZero();
        assertThat(status(report)).isEqualTo("SUCCEEDED");
        assertThat(link).isSymbolicLink();
    }

    private static String status(Path report) {
        try {
            return new ObjectMapper().readTree(report.toFile()).path("status").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aMissingJobFileIsReportedUnderItsName() throws IOException {
        assertThat(home.run("run", folder.resolve("absent.json"), "--report", report))
                .isEqualTo(ExitCode.USER);
        assertThat(home.err()).contains("absent.json");
        assertThat(report().path("job").asText()).isEqualTo("absent");
    }

    @Test
    void checkShowsThePlanAndRunsNothing() throws IOException {
        Path job = home.job(
                "{\"splits\": 5, \"warning\": \"mind the gap\"}",
                "{}",
                "{\"speed\": {\"concurrent\": 2, \"throttle\": true, \"mbps\": 1}, \"errorLimit\": {\"record\": 3}}");
        assertThat(home.run("check", job)).isZero();
        assertThat(home.out())
                .contains("job numbers: sample -> sample, 2 channels, 5 splits")
                .contains("error limit: 3 dirty records; speed limit: 1.0 MB/s")
                .contains("public.numbers -> the void")
                .contains("make part 1", "make part 3", "\u2026 and 2 more")
                .doesNotContain("make part 4")
                .contains("count them")
                .containsPattern("n +INT64 +yes +INT64")
                .doesNotContain("advice");
        assertThat(home.err()).contains("mind the gap", "the job can run");
    }

    @Test
    void checkFailsAsARunWould() throws IOException {
        assertThat(home.run("check", home.job("{\"x\": 1}", "{}", "{}"))).isEqualTo(ExitCode.USER);
        assertThat(home.run("check", home.job("{\"fail\": \"outside\"}", "{}", "{}")))
                .isEqualTo(ExitCode.OUTSIDE);
        assertThat(home.err()).contains("[CONNECTION_REFUSED]").doesNotContain("the job can run");
        assertThat(home.out()).isEmpty();
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(Files.readString(report));
    }
}
