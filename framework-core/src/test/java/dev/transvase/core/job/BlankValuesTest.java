package dev.transvase.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.parameter.Problems;
import dev.transvase.spi.parameter.Parameter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What consoles and generators write where nobody filled anything in: blank texts, and null in lists. */
class BlankValuesTest {

    enum Mode {
        INSERT,
        COPY
    }

    record Step(
            @Parameter(description = "A number.", defaultValue = "512", min = 1)
            int fetchSize,

            @Parameter(description = "One of some.", defaultValue = "insert")
            Mode writeMode,

            @Parameter(description = "Whether.", defaultValue = "true")
            boolean sequences,

            @Parameter(description = "Types.") Map<String, String> pgType,

            @Parameter(description = "A number.") Optional<Integer> channels,

            @Parameter(description = "Statements.", acceptsSingle = true)
            List<String> preSql,

            @Parameter(description = "A condition.") Optional<String> where) {}

    @TempDir
    private Path folder;

    @Test
    void aBlankTextInPlaceOfAnythingElseIsAbsentInBothShapes() {
        String blank =
                "\"fetchSize\": \"\", \"writeMode\": \" \", \"sequences\": \"\", \"pgType\": \"\", \"channels\": \"\"";
        Step absent = new Step(512, Mode.INSERT, true, Map.of(), Optional.empty(), List.of(), Optional.empty());

        assertThat(step(dataX(blank))).isEqualTo(absent);
        assertThat(step(dataWorks(blank))).isEqualTo(absent);
    }

    @Test
    void inAListOfTextsNullIsABlankOne() {
        String given = "\"preSql\": [null, \"truncate t\"], \"where\": null";

        assertThat(step(dataX(given)).preSql()).containsExactly("", "truncate t");
        assertThat(step(dataWorks(given)).preSql()).containsExactly("", "truncate t");
    }

    @Test
    void inAConnectionWhatIsBlankIsPassedOver() {
        String connection = "\"connection\": {\"jdbcUrl\": %s, \"datasource\": %s, \"table\": %s}";
        JobFile job = TestingJobFile.read(
                        folder,
                        dataX(connection.formatted("[\"\", \"jdbc:postgresql:a\", null]", "\" \"", "[\" \", \"t\"]")))
                .good();

        assertThat(job.reader().parameter().toString()).isEqualTo("{\"table\":\"t\"}");
        assertThat(job.reader()
                        .inlineDataSource()
                        .orElseThrow()
                        .parameters()
                        .path("jdbcUrl")
                        .asText())
                .isEqualTo("jdbc:postgresql:a");
    }

    @Test
    void aConnectionThatHoldsNothingElseIsToldWhatItLacks() {
        String connection = "\"connection\": [{\"jdbcUrl\": [\"\"], \"table\": [null, \" \"]}]";
        assertThat(TestingJobFile.read(folder, dataX(connection)).errors())
                .containsExactly(
                        "job.content[0].reader.parameter.connection[0].table: must not be empty",
                        "job.content[0].reader.parameter.connection[0].jdbcUrl: must not be empty");
    }

    private Step step(String job) {
        Problems problems = new Problems();
        Optional<Step> step = TestingJobFile.read(folder, job).good().reader().bind(Step.class, folder, problems);
        assertThat(problems.errors()).isEmpty();
        return step.orElseThrow();
    }

    private static String dataX(String parameter) {
        return """
                {"job": {"content": [{"reader": {"name": "postgresqlreader", "parameter": {%s}},
                                      "writer": {"name": "streamwriter"}}]}}""".formatted(parameter);
    }

    private static String dataWorks(String parameter) {
        return """
                {"type": "job", "version": "2.0", "steps": [
                   {"stepType": "postgresql", "category": "reader", "name": "Reader", "parameter": {%s}},
                   {"stepType": "stream", "category": "writer", "name": "Writer"}]}""".formatted(parameter);
    }
}
