package dev.transvase.core.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.spi.parameter.Parameter;
import dev.transvase.spi.parameter.Reach;
import dev.transvase.spi.parameter.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestrictionTest {

    record Inner(
            @Parameter(description = "A name.", reach = Reach.VALUE)
            Optional<String> name,

            @Parameter(description = "A script.", reach = Reach.CODE)
            Optional<String> script) {}

    record Step(
            @Parameter(description = "A name.", reach = Reach.VALUE)
            Optional<String> name,

            @Parameter(description = "SQL.", reach = Reach.CODE, acceptsSingle = true)
            List<String> sql,

            @Parameter(description = "Columns.", reach = Reach.EXPRESSION, acceptsSingle = true)
            List<String> column,

            @Parameter(description = "A file.", reach = Reach.FILE)
            Optional<String> file,

            @Parameter(description = "Files.") List<Path> path,

            @Parameter(description = "A URL.", reach = Reach.CONNECTION)
            Optional<String> url,

            @Parameter(description = "Not said.") Optional<String> silent,

            @Parameter(description = "Not said.") Map<String, Secret> silentSecrets,

            @Parameter(description = "A number.", defaultValue = "1")
            int number,

            @Parameter(description = "Parts.") List<Inner> parts) {}

    @TempDir
    private Path folder;

    private final Problems problems = new Problems();

    @Test
    void whatReachesNoFurtherThanTheStepIsAllowed() throws IOException {
        Files.createDirectory(folder.resolve("data"));

        assertThat(refused("""
                        {"name": "a; DROP TABLE t", "sql": [], "column": ["*", "id", "größe_1", "\\"Ein \\"\\"Name\\"", "'it''s'", "-1.5", " id "],
                         "file": "data/new/file.txt", "path": ["data", "%s"], "url": null, "silent": " ",
                         "silentSecrets": {}, "number": "7", "parts": [{"name": "x", "script": ""}]}
                        """.formatted(folder.resolve("data/x.txt")))).isEmpty();
    }

    @Test
    void allElseIsRefusedWithItsPlace() throws IOException {
        assertThat(refused("""
                        {"sql": "SELECT 1", "column": ["id", "now()", "(SELECT 1)", "t.f", "id, x", "'a\\\\'", "E'x'", "a b", "id--"],
                         "file": "../file.txt", "path": ["data", "/etc/passwd"], "url": "http://x", "silent": "x",
                         "silentSecrets": {"a": "b"}, "parts": [{"name": "x"}, {"script": "exit"}]}
                        """))
                .containsExactlyInAnyOrder(
                        "p.sql",
                        "p.column[1]",
                        "p.column[2]",
                        "p.column[3]",
                        "p.column[4]",
                        "p.column[5]",
                        "p.column[6]",
                        "p.column[7]",
                        "p.column[8]",
                        "p.file",
                        "p.path[1]",
                        "p.url",
                        "p.silent",
                        "p.silentSecrets.a",
                        "p.parts[1].script");
        assertThat(problems.errors()).extracting(Problem::code).containsOnly("RESTRICTED");
        assertThat(problems.errors()).extracting(Problem::remedy).allMatch(remedy -> remedy.contains("--restricted"));
    }

    @Test
    void linksLeadNowhereElse() throws IOException {
        Path inside = Files.createDirectory(folder.resolve("job"));
        Files.createDirectory(folder.resolve("other"));
        Files.createSymbolicLink(inside.resolve("link"), folder.resolve("other"));
        Files.createSymbolicLink(inside.resolve("broken"), folder.resolve("gone"));
        Files.createSymbolicLink(inside.resolve("fine"), inside);

        assertThat(refused(
                        inside,
                        "{\"path\": [\"link/a.txt\", \"link\", \"broken\", \"broken/a\", \"fine/a.txt\","
                                + " \"link/../a\"]}"))
                .contains("p.path[0]", "p.path[1]", "p.path[2]", "p.path[3]", "p.path[5]")
                .doesNotContain("p.path[4]");
    }

    @Test
    void theDescriptionSaysSo() {
        assertThat(ParameterDescription.of(Step.class).entries())
                .extracting(ParameterDescription.Entry::meaning)
                .contains(
                        "SQL. Not allowed with --restricted.",
                        "Columns. With --restricted, only names and constants.",
                        "Files. With --restricted, only in the job file's folder.",
                        "Not said. Not allowed with --restricted.",
                        "A name.");
        assertThat(ParameterDescription.jsonSchema(Step.class, "step").toString())
                .contains("A URL. Not allowed with --restricted.");
    }

    private List<String> refused(String json) throws IOException {
        return refused(folder, json);
    }

    private List<String> refused(Path place, String json) throws IOException {
        new Restriction(Optional.of(place), problems).check(Step.class, (ObjectNode) JsonFile.value(json), "p");
        return problems.errors().stream().map(Problem::path).toList();
    }
}
