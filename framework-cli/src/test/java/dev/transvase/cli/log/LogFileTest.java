package dev.transvase.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.cli.TestingHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {

    @TempDir
    private Path folder;

    @Test
    void whereTheDistributionCannotBeWrittenTheUsersStateFolderIsUsed() throws IOException {
        TestingHome home = new TestingHome(folder.resolve("home"));
        home.file("log", "a file, so that there can be no folder of that name");
        home.variable("XDG_STATE_HOME", folder.resolve("state").toString());
        assertThat(home.run("run", home.job("{}", "{}", "{}"))).isZero();
        assertThat(Files.readString(folder.resolve("state/transvase/transvase.log")))
                .contains("job numbers starts");
        assertThat(home.err()).doesNotContain("notice");
    }

    @Test
    void withoutAnyFolderThereIsANoticeAndTheJobRuns() throws IOException {
        TestingHome home = new TestingHome(folder.resolve("home"));
        Path log = home.file("log", "a file");
        home.variable("XDG_STATE_HOME", log.toString());
        assertThat(home.run("run", home.job("{}", "{}", "{}"))).isZero();
        assertThat(home.err()).contains("notice: no log is written").contains("SUCCEEDED");
    }

    @Test
    void aUserWithoutAHomeGetsNoFolderInTheCurrentOne() throws IOException {
        TestingHome home = new TestingHome(folder.resolve("home"));
        home.file("log", "a file");
        String before = System.setProperty("user.home", "?"); // as Java has it of a user that the system does not know
        try {
            assertThat(home.run("run", home.job("{}", "{}", "{}"))).isZero();
        } finally {
            System.setProperty("user.home", before);
        }
        assertThat(home.err()).contains("notice: no log is written").doesNotContain("?");
        assertThat(Path.of("?")).doesNotExist();
    }
}
