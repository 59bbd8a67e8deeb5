package dev.transvase.postgresql.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillFolderTest {

    /** Of a process of this number that began before this one, as in a container that was started again. */
    private static final String NOBODY =
            "transvase-spill-" + ProcessHandle.current().pid() + "-1000-";

    @TempDir
    private Path parent;

    private List<Path> folders() throws IOException {
        try (Stream<Path> found = Files.list(parent)) {
            return found.toList();
        }
    }

    private Path left(String name, String... files) throws IOException {
        Path folder = Files.createDirectory(parent.resolve(NOBODY + name));
        for (String file : files) {
            Files.writeString(folder.resolve(file), "rows");
        }
        return folder;
    }

    @Test
    void eachHasOneOfItsOwnThatOthersCannotLookInto() throws IOException {
        try (SpillFolder one = new SpillFolder(parent.resolve("new"));
                SpillFolder other = new SpillFolder(parent.resolve("new"))) {
            Path file = one.file(7);
            Files.writeString(file, "rows");
            assertThat(other.file(7)).isNotEqualTo(file).doesNotExist();
            assertThat(one.file(8).getParent()).isEqualTo(file.getParent());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                    .isEqualTo("rwx------");
            Files.delete(file);
        }
        assertThat(parent.resolve("new")).isEmptyDirectory();
    }

    @Test
    void isMadeAgainWhenSomebodyHasTidiedUp() throws IOException {
        try (SpillFolder folder = new SpillFolder(parent)) {
            Path before = folder.file(1).getParent();
            Files.delete(before.resolve("lock"));
            Files.delete(before);
            assertThat(folder.file(1).getParent()).isDirectory().isNotEqualTo(before);
        }
        assertThat(folders()).isEmpty();
    }

    @Test
    void isNotMadeBeforeItIsNeeded() throws IOException {
        new SpillFolder(parent).close();
        assertThat(folders()).isEmpty();
    }

    @Test
    void whatAKilledRunHasLeftGoes() throws IOException {
        Path left = left("a", "lock", "1", "4294967295");
        try (SpillFolder folder = new SpillFolder(parent)) {
            folder.file(1);
            assertThat(left).doesNotExist();
        }
        assertThat(folders()).isEmpty();
    }

    @Test
    void whatIsNotOursStays() throws IOException {
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("lock"), "theirs");
        Files.createSymbolicLink(parent.resolve(NOBODY + "link"), elsewhere);
        Path linked = left("b", "1");
        Files.createSymbolicLink(linked.resolve("lock"), elsewhere.resolve("lock"));
        Path strange = left("c", "lock", "1", "letters.txt");
        Path without = left("d", "1");
        try (SpillFolder folder = new SpillFolder(parent)) {
            folder.file(1);
        }
        assertThat(elsewhere.resolve("lock")).hasContent("theirs");
        assertThat(linked.resolve("1")).exists();
        assertThat(strange.resolve("1")).exists();
        assertThat(without.resolve("1")).exists();
    }

    @Test
    void whatARunningOneHasStays() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        parent.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var said = other.inputReader();
                SpillFolder folder = new SpillFolder(parent)) {
            Path theirs = Path.of(said.readLine());
            folder.file(1);
            assertThat(theirs).exists();
        } finally {
            other.destroyForcibly().waitFor();
        }
        try (SpillFolder folder = new SpillFolder(parent)) {
            folder.file(1);
            assertThat(folders()).hasSize(1);
        }
    }

    /** Another process with a folder. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] parent) throws IOException {
            try (SpillFolder folder = new SpillFolder(Path.of(parent[0]))) {
                Path file = folder.file(1);
                Files.writeString(file, "rows");
                System.out.println(file);
                System.in.read();
            }
        }
    }
}
