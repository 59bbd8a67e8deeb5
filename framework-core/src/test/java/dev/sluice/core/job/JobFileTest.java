package dev.sluice.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.parameter.Problem;
import dev.sluice.core.parameter.Problems;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for both shapes. */
class JobFileTest {

    private static final String JOB = """
            {"type": "job", "version": "2.0", "steps": [
              {"stepType": "stream", "category": "reader", "parameter": {%s}},
              {"stepType": "stream", "category": "writer", "parameter": {}}]}""";

    @TempDir
    private Path folder;

    @Test
    void theNameIsTheFilesWithoutItsEnding() {
        JobFile job = TestingJobFile.read(folder, JOB.formatted("")).good();

        assertThat(job.name()).isEqualTo("job");
        assertThat(job.file()).isEqualTo(folder.resolve("job.json"));
        assertThat(job.settings()).isEqualTo(JobSettings.DEFAULTS);
        assertThat(job.settings().errorLimit().record()).isZero();
        assertThat(job.reader().stepName()).isEqualTo("Reader");
        assertThat(job.writer().stepName()).isEqualTo("Writer");
    }

    @Test
    void aMissingFileIsAnErrorOfItsOwn() {
        Problems problems = new Problems();
        assertThat(JobFile.read(folder.resolve("none.json"), Map.of(), problems))
                .isEmpty();

        assertThat(problems.errors()).extracting(Problem::code).containsExactly("FILE_NOT_FOUND");
    }

    @Test
    void neitherShapeIsToldWithBoth() {
        assertThat(TestingJobFile.read(folder, "{\"content\": [], \"x\": 1}").errors())
                .singleElement()
                .asString()
                .contains("`steps`", "`job` with `content`", "the keys content, x", "{\"job\": ...}");
        assertThat(TestingJobFile.read(folder, "{}").errors())
                .singleElement()
                .asString()
                .contains("an empty object");
    }

    @Test
    void variablesReplaceInsideTextsOnly() {
        // S57, S58: the day or the last id of an incremental job comes with -D.
        JobFile job = TestingJobFile.read(
                        folder, JOB.formatted("""
                                "where": "day = '${DAY}' and id > ${ID}", "table": ["${T}"], "fetchSize": "${ID}"
                                """), Map.of("DAY", "x\"}, \\ ${ID} $1", "ID", "7", "T", "public.\"T\""))
                .good();

        assertThat(job.reader().parameter().path("where").asText()).isEqualTo("day = 'x\"}, \\ ${ID} $1' and id > 7");
        assertThat(job.reader().parameter().path("table").path(0).asText()).isEqualTo("public.\"T\"");
        assertThat(job.reader().parameter().path("fetchSize").asText()).isEqualTo("7");
    }

    @Test
    void aVariableWithoutAValueIsToldAndSoIsAValueWithoutAVariable() {
        TestingJobFile read = TestingJobFile.read(
                folder, JOB.formatted("\"where\": \"${DAY} ${BIZDTAE}\""), Map.of("BIZDATE", "1", "UNUSED", "2"));

        assertThat(read.errors())
                .containsExactly(
                        "steps[0].parameter.where: ${DAY} has no value -> give it one on the command line: -D DAY=...",
                        "steps[0].parameter.where: ${BIZDTAE} has no value -> did you mean ${BIZDATE}?");
        assertThat(read.warnings())
                .containsExactly(
                        "-D BIZDATE: job.json has no ${BIZDATE}: it has no effect",
                        "-D UNUSED: job.json has no ${UNUSED}: it has no effect");
    }

    @Test
    void secretsOfTheEnvironmentAreForDataSourcesOnly() {
        assertThat(TestingJobFile.read(folder, JOB.formatted("\"where\": \"${env:HOME}\""))
                        .errors())
                .containsExactly("steps[0].parameter.where: ${env:HOME} has no value -> such references belong into a"
                        + " data source, or the `password` of a job; here use ${NAME} and -D NAME=VALUE");
    }

    @Test
    void aVariableOutsideOfQuotesIsToldWithWhatToDo() {
        assertThat(TestingJobFile.read(folder, JOB.formatted("\"fetchSize\": ${N}"), Map.of("N", "1"))
                        .errors())
                .singleElement()
                .asString()
                .contains("line 2, column", "\"${NAME}\"");
    }
}
