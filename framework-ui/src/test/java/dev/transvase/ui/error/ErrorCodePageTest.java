package dev.transvase.ui.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrorCodePageTest {

    @TempDir
    Path home;

    @Test
    void tellsWhatStandsBelowTheHeadingUpToTheNext() throws IOException {
        Files.createDirectories(home.resolve("docs"));
        Files.writeString(
                home.resolve("docs/error-codes.md"),
                "# Error codes\n\n### FIRST\n\n*Job.* One.\n→ Do this:\n\n```\nSELECT 1\n```\n\n"
                        + "### SECOND\n\nTwo.\n\n## Rest\n\nFIRST\n");

        ErrorCodePage page = new ErrorCodePage(home);
        assertThat(page.textOf("FIRST")).hasValue("*Job.* One.\n→ Do this:\n\n```\nSELECT 1\n```");
        assertThat(page.textOf("SECOND")).hasValue("Two.");
        assertThat(page.textOf("Rest")).isEmpty();
    }

    @Test
    void tellsNothingWhereThereIsNoPage() {
        assertThat(new ErrorCodePage(home).textOf("FIRST")).isEmpty();
    }
}
