package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has the archive alone can follow its documentation. */
class ArchiveDocumentsIT {

    @TempDir
    Path folder;

    @Test
    void sendReadersOnlyToWhatTheArchiveHolds() throws IOException, InterruptedException {
        TestingDistribution distribution = TestingDistribution.unpack(folder.toRealPath());
        Path home = distribution.home();
        String help = distribution.run("--help").out();

        List<MarkdownPage> pages = MarkdownPage.below(home);
        assertThat(pages)
                .extracting(page -> home.relativize(page.file()).toString())
                .contains("README.md", "CHANGELOG.md", "docs/command-line.md", "docs/steps/postgresql-cdc.md");
        List<String> wrong = new ArrayList<>();
        for (MarkdownPage page : pages) {
            wrong.addAll(page.brokenLinks(home));
            wrong.addAll(page.missingPaths(home));
            for (String command : page.commands()) {
                assertThat(help).as("%s: %s", page.file(), command).containsPattern("(?m)^ +" + command + "\\b");
            }
        }
        assertThat(wrong).isEmpty();
    }
}
