package dev.transvase.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.transvase.testing.contract.CollectedChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told before the run. */
class StreamWriterChecksTest {

    @TempDir
    private Path folder;

    private TestingStreamWriter stream;

    @BeforeEach
    void createWriter() {
        stream = new TestingStreamWriter(folder);
    }

    @Test
    void planningChangesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("out.txt"), "old");

        stream.writer(GivenWriter.defaults().path("out.txt"))
                .plan(List.of(TestingStreamWriter.SCHEMA), new CollectedChecks());
        stream.writer(GivenWriter.defaults().path("new").fileName("out.txt"))
                .plan(List.of(TestingStreamWriter.SCHEMA), new CollectedChecks());

        assertThat(file).hasContent("old");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void whatCannotBeWrittenToIsToldBeforeTheRun() throws IOException {
        Files.writeString(folder.resolve("file"), "");

        assertThat(stream.planErrors(GivenWriter.defaults().path("missing/out.txt")))
                .containsExactly("path FOLDER_NOT_FOUND: there is no folder " + folder.resolve("missing")
                        + " -> Run: mkdir -p '" + folder.resolve("missing") + "'");
        assertThat(stream.planErrors(GivenWriter.defaults().path(".")))
                .singleElement()
                .asString()
                .startsWith("path PATH_IS_FOLDER: " + folder);
        assertThat(stream.planErrors(GivenWriter.defaults().path("file/out.txt")))
                .singleElement()
                .asString()
                .startsWith("path NOT_A_FOLDER");
        assertThat(stream.planErrors(GivenWriter.defaults().path("file").fileName("out.txt")))
                .singleElement()
                .asString()
                .startsWith("path NOT_A_FOLDER");
        assertThat(stream.planErrors(GivenWriter.defaults().path("a\0b")))
                .singleElement()
                .asString()
                .startsWith("path BAD_PATH");
    }

    @Test
    void aFileWithoutPermissionIsToldBeforeTheRun() throws IOException {
        Path file = Files.writeString(folder.resolve("mine"), "");
        assumeTrue(file.toFile().setWritable(false) && !Files.isWritable(file), "root may write to anything");

        assertThat(stream.planErrors(GivenWriter.defaults().path("mine")))
                .singleElement()
                .asString()
                .startsWith("path PERMISSION_DENIED");
    }

    @Test
    void parametersThatDoNotGoTogetherAreRefused() {
        CollectedChecks checks = new CollectedChecks();

        GivenWriter.defaults().fileName("x").encoding("GBK").parameters().validate(checks);
        GivenWriter.defaults()
                .encoding("utf-8")
                .path("a")
                .fileName("x")
                .parameters()
                .validate(checks);

        assertThat(checks.errors())
                .satisfiesExactly(
                        e -> assertThat(e).startsWith("fileName MISSING_PATH"),
                        e -> assertThat(e)
                                .startsWith("encoding UNSUPPORTED_ENCODING")
                                .contains("GBK"));
    }

    @Test
    void aPauseWithoutItsLengthIsWarnedOf() {
        CollectedChecks checks = new CollectedChecks();

        stream.writer(GivenWriter.defaults().pause(10, 0)).plan(List.of(TestingStreamWriter.SCHEMA), checks);

        assertThat(checks.warnings()).containsExactly("recordNumBeforeSleep: has no effect without sleepTime");
    }
}
