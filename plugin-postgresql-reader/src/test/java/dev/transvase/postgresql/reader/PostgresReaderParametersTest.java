package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.job.JobFile;
import dev.transvase.core.parameter.Problem;
import dev.transvase.core.parameter.Problems;
import dev.transvase.postgresql.reader.PostgresReaderParameters.SplitBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read as the runtime reads them, from a job file. */
class PostgresReaderParametersTest {

    @TempDir
    private Path folder;

    private final Problems problems = new Problems();

    private Optional<PostgresReaderParameters> read(String parameter) throws IOException {
        String job = "{\"type\": \"job\", \"version\": \"2.0\", \"steps\": ["
                + "{\"stepType\": \"postgresql\", \"parameter\": {" + parameter
                + "}, \"name\": \"Reader\", \"category\": \"reader\"},"
                + "{\"stepType\": \"stream\", \"parameter\": {}, \"name\": \"Writer\", \"category\": \"writer\"}],"
                + "\"order\": {\"hops\": [{\"from\": \"Reader\", \"to\": \"Writer\"}]}}";
        Path file = Files.writeString(folder.resolve("job.json"), job);
        return JobFile.read(file, Map.of(), (category, type) -> Optional.empty(), problems)
                .orElseThrow()
                .reader()
                .bind(PostgresReaderParameters.class, folder, problems);
    }

    private List<String> codes() {
        return problems.errors().stream()
                .map(p -> p.path().substring(p.path().lastIndexOf('.') + 1) + ' ' + p.code())
                .toList();
    }

    @Test
    void defaults() throws IOException {
        PostgresReaderParameters read =
                read("\"datasource\": \"shop\", \"table\": \"public.orders\", \"column\": [\"*\"],"
                                + " \"splitPk\": \"\", \"where\": \"\"")
                        .orElseThrow();
        assertThat(problems.errors()).isEmpty();
        assertThat(read.table()).containsExactly("public.orders");
        assertThat(read.splitPk()).isEmpty();
        assertThat(read.where()).isEmpty();
        assertThat(read.splitFactor()).isEqualTo(5);
        assertThat(read.fetchSize()).isEqualTo(512);
        assertThat(read.consistentSnapshot()).isTrue();
        assertThat(read.splitBy()).isEqualTo(SplitBy.KEY);
    }

    @Test
    void constantsMayBeNumbersAndNamesQuoted() throws IOException {
        PostgresReaderParameters read = read("\"datasource\": \"shop\", \"table\": [\"a\", \"\\\"123Test\\\"\"],"
                        + " \"column\": [\"id\", 1, true, \"'x'\"], \"splitFactor\": \"7\", \"splitBy\": \"ctid\"")
                .orElseThrow();
        assertThat(read.table()).containsExactly("a", "\"123Test\"");
        assertThat(read.column()).containsExactly("id", "1", "true", "'x'");
        assertThat(read.splitFactor()).isEqualTo(7);
        assertThat(read.splitBy()).isEqualTo(SplitBy.CTID);
    }

    @Test
    void tableAndColumnAreRequiredWithoutAQuery() throws IOException {
        read("\"datasource\": \"shop\"");
        assertThat(codes()).containsExactly("table MISSING_PARAMETER", "column MISSING_PARAMETER");
    }

    @Test
    void aQueryNeedsNeither() throws IOException {
        assertThat(read("\"datasource\": \"shop\", \"querySql\": \"SELECT 1\"")).isPresent();
        assertThat(problems.errors()).isEmpty();
    }

    @Test
    void rangesOfNumbers() throws IOException {
        read("\"table\": \"t\", \"column\": [\"*\"], \"splitFactor\": 101, \"fetchSize\": 0");
        assertThat(problems.errors())
                .hasSize(3)
                .extracting(Problem::path)
                .anyMatch(path -> path.endsWith("splitFactor"))
                .anyMatch(path -> path.endsWith("fetchSize"))
                .anyMatch(path -> path.endsWith("datasource"));
    }

    @Test
    void aLargeFetchSizeIsWarnedOf() throws IOException {
        String table = "\"datasource\": \"shop\", \"table\": \"t\", \"column\": [\"*\"], ";
        read(table + "\"fetchSize\": 2048");
        assertThat(problems.warnings()).isEmpty();
        read(table + "\"fetchSize\": 2049");
        assertThat(problems.warnings())
                .extracting(Problem::path)
                .singleElement()
                .asString()
                .endsWith("fetchSize");
    }

    @Test
    void blankEntriesAreErrors() throws IOException {
        read("\"datasource\": \"shop\", \"table\": [\" \"], \"column\": [\"id\", \"\"]");
        assertThat(codes()).containsExactly("table[0] EMPTY_VALUE", "column[1] EMPTY_VALUE");
    }

    @Test
    void aSessionStatementThatBeginsATransactionIsToldWithItsPlace() throws IOException {
        read("\"datasource\": \"shop\", \"table\": \"orders\", \"column\": [\"*\"],"
                + " \"session\": [\"SET work_mem = '1MB'\", \"begin; select 1\"]");
        assertThat(codes()).containsExactly("session[1] TRANSACTION_LEFT_OPEN");
    }
}
