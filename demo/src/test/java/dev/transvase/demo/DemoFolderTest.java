package dev.transvase.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoFolderTest {
    @TempDir
    private Path temporary;

    @Test
    void overwritesWhatAnEarlierDemoWrote() throws IOException {
        write("a.json", "first");

        assertThat(write("a.json", "second")).isEmpty();

        assertThat(temporary.resolve("a.json")).hasContent("second");
        assertThat(temporary.resolve("a.json.bak")).doesNotExist();
    }

    @Test
    void movesAsideWhatTheUserChanged() throws IOException {
        write("a.json", "first");
        Files.writeString(temporary.resolve("a.json"), "mine");

        assertThat(write("a.json", "second")).contains(temporary.resolve("a.json.bak"));

        assertThat(temporary.resolve("a.json")).hasContent("second");
        assertThat(temporary.resolve("a.json.bak")).hasContent("mine");
    }

    @Test
    void keepsEveryVersionOfTheUser() throws IOException {
        Files.writeString(temporary.resolve("a.json"), "mine");
        write("a.json", "first");
        Files.writeString(temporary.resolve("a.json"), "mine again");

        assertThat(write("a.json", "second")).contains(temporary.resolve("a.json.bak2"));

        assertThat(temporary.resolve("a.json.bak")).hasContent("mine");
        assertThat(temporary.resolve("a.json.bak2")).hasContent("mine again");
    }

    @Test
    void secretIsForThisUserOnly() throws IOException {
        Files.writeString(temporary.resolve("password"), "mine");
        try (DemoFolder folder = DemoFolder.open(temporary)) {
            assertThat(folder.writeSecret("password", "first")).isPresent();
            assertThat(folder.writeSecret("password", "second")).isEmpty();
        }

        assertThat(temporary.resolve("password")).hasContent("second");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary.resolve("password"))))
                .isEqualTo("rw-------");
    }

    @Test
    void isForOneDemoAtATime() throws IOException {
        try (DemoFolder folder = DemoFolder.open(temporary)) {
            assertThatExceptionOfType(TransvaseException.class)
                    .isThrownBy(() -> DemoFolder.open(temporary))
                    .withMessageContaining("--folder");
            folder.write("a.json", "first");
        }

        DemoFolder.open(temporary).close();
    }

    private Optional<Path> write(String name, String text) throws IOException {
        try (DemoFolder folder = DemoFolder.open(temporary)) {
            return folder.write(name, text);
        }
    }
}
