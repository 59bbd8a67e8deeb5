package dev.transvase.core.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.spi.error.ErrorCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {

    @TempDir
    private Path folder;

    private final Problems problems = new Problems();

    @Test
    void commentsTrailingCommasAndAByteOrderMarkAreAllowed() throws IOException {
        assertThat(read("\uFEFF// first\n{\"a\": [1, 2,], /* in\nbetween */ \"b\": \"x\", }\n// last")
                        .orElseThrow()
                        .toString())
                .isEqualTo("{\"a\":[1,2],\"b\":\"x\"}");
    }

    @Test
    void numbersKeepTheTextTheyAreWrittenWith() throws IOException {
        assertThat(read("{\"a\": 1.10, \"b\": 12345678901234567890}")
                        .orElseThrow()
                        .toString())
                .isEqualTo("{\"a\":1.10,\"b\":12345678901234567890}");
    }

    @Test
    void everyKeyThatIsGivenTwiceIsTold() throws IOException {
        assertThat(read("{\"a\": 1,\n\"a\": 2, \"b\": [{\"c\": 1,\n\"c\": 2}]}"))
                .isEmpty();

        assertThat(problems.errors())
                .extracting(Problem::path, Problem::code, Problem::message)
                .containsExactly(
                        tuple("job.json: a", "DUPLICATE_KEY", "is a duplicate key in line 2"),
                        tuple("job.json: b[0].c", "DUPLICATE_KEY", "is a duplicate key in line 3"));
    }

    @Test
    void aMistakeIsToldWithItsPlaceAndWhatToDo() throws IOException {
        expect("{\"a\": 1\n \"b\": 2}", "line 2, column 2: this is not JSON, from `\"` on", "comma is missing");
        expect("{\"a\": 'x'}", "line 1, column 7: this is not JSON, from `'` on", "use double quotes");
        expect("{\"a\": ${N}}", "line 1, column 7: this is not JSON, from `$` on", "\"${NAME}\"");
        expect("{a: 1}", "line 1, column 2: this is not JSON, from `a` on", "a name in double quotes");
        expect("{\"a\" 1}", "line 1, column 6: this is not JSON, from `1` on", "colon is missing");
        expect("{\"a\": [1}", "line 1, column 9: this is not JSON, from `}` on", "brackets do not match");
        expect("{\"a\": \"x\ny\"}", "line 1, column 9: this is not JSON", "close its quotes");
        expect("{\"a\": \"\\d\"}", "line 1, column", "\\\\ for a backslash");
        expect("{\"a\": True}", "line 1, column", "lower case");
        expect("{\"a\": {\n\"b\": 1", "the file ends before what line 1, column 7 opened is closed", "is missing");
        expect("{} }", "line 1, column 4", "bracket");
        expect("{} {}", "there is text after the end", "bracket too many");
        expect("", "is empty", "JSON object");
        expect(" \n\t", "is empty", "JSON object");
        expect("\uFEFF", "is empty", "JSON object");
        expect("// {\"a\": 1}", "is empty", "JSON object");
        expect("null", "expected an object {...}, found nothing", "");
        expect("type: job", "line 1, column", "double quotes");
        expect("{\"a\": ".repeat(2000) + "1" + "}".repeat(2000), "too deeply", "");
        expect("[1]", "expected an object {...}, found a list [...]", "");
        expect("[".repeat(200), "too deeply", "");
    }

    @Test
    void whatStandsAtAMistakeIsNotRepeated() throws IOException {
        read("{\"password\": hunter2}");
        read("{\"password\": \"hunter2}");

        assertThat(problems.errors()).hasSize(2);
        assertThat(problems.errors().toString()).doesNotContain("hunter2", "unter");
    }

    @Test
    void aFileThatCannotBeReadIsToldWithItsPlace() throws IOException {
        JsonFile.read(folder.resolve("none.json"), "job file", problems);
        JsonFile.read(folder, "job file", problems);
        Path latin = Files.write(folder.resolve("latin.json"), "{\"a\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));
        JsonFile.read(latin, "job file", problems);

        assertThat(problems.errors())
                .extracting(Problem::code)
                .containsExactly("FILE_NOT_FOUND", "FILE_UNREADABLE", "JSON_SYNTAX");
        assertThat(problems.errors().get(0).toString())
                .startsWith("none.json: there is no such job file: " + folder.resolve("none.json"));
        assertThat(problems.errors().get(1).message()).contains("found a folder: " + folder);
        assertThat(problems.errors().get(2).message()).isEqualTo("is not in UTF-8");
    }

    @Test
    void errorsAreThrownTogetherAndWarningsAreNot() {
        problems.warn("a", ErrorCode.user("W"), "odd", "");
        problems.throwIfFailed();
        problems.error("job.json:", ErrorCode.user("E"), "first", "mend it");
        problems.at("job.json: steps[0].parameter").error("column[2]", ErrorCode.user("E"), "second", "");

        assertThatThrownBy(problems::throwIfFailed)
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "job.json: first",
                        "  -> mend it",
                        "job.json: steps[0].parameter.column[2]: second"))
                .extracting(e -> ((InvalidJobException) e).problems().size())
                .isEqualTo(2);
    }

    private void expect(String text, String message, String remedy) throws IOException {
        int before = problems.errors().size();
        assertThat(read(text)).isEmpty();
        assertThat(problems.errors()).as(text).hasSize(before + 1);
        assertThat(problems.errors().get(before).message()).as(text).contains(message);
        assertThat(problems.errors().get(before).remedy()).as(text).contains(remedy);
    }

    private Optional<ObjectNode> read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("job.json"), text);
        return JsonFile.read(file, "job file", problems);
    }

    @Test
    void aFileThatHasNoEndOrIsTooLargeIsNotReadWhole() throws IOException {
        Path large = folder.resolve("large.json");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }

        for (Path file : List.of(Path.of("/dev/zero"), large, folder)) {
            assertThat(JsonFile.read(file, "job file", problems)).isEmpty();
        }

        assertThat(problems.errors())
                .extracting(Problem::message)
                .satisfiesExactly(
                        zero -> assertThat(zero).startsWith("expected a job file, found a device or a named pipe"),
                        file -> assertThat(file).startsWith("is larger than 16 MiB"),
                        directory -> assertThat(directory).startsWith("expected a job file, found a folder"));
    }
}
