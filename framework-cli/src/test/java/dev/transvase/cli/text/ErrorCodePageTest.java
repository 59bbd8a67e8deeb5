package dev.transvase.cli.text;

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
    void pointsToTheHeadingOfTheCode() throws IOException {
        write("# Error codes\n\n### CONNECTION_LOST\n\nIt broke.\n");

        assertThat(new ErrorCodePage(home).of("CONNECTION_LOST"))
                .hasValue(home.resolve("docs/error-codes.md") + "#connection_lost");
    }

    @Test
    void pointsNowhereForACodeThatThePageOnlyMentions() throws IOException {
        write("# Error codes\n\n## OTHER\n\n### CONNECTION_LOST_FOR_GOOD\n\nCONNECTION_LOST is another code.\n");

        assertThat(new ErrorCodePage(home).of("CONNECTION_LOST")).isEmpty();
        assertThat(new ErrorCodePage(home).of("OTHER")).isEmpty();
    }

    @Test
    void pointsNowhereWhenThereIsNoPage() {
        assertThat(new ErrorCodePage(home).of("CONNECTION_LOST")).isEmpty();
    }

    @Test
    void isInTheFolderOfTheDocumentation() {
        assertThat(new ErrorCodePage(home).path()).isEqualTo(home.resolve("docs/error-codes.md"));
    }

    private void write(String page) throws IOException {
        Files.createDirectories(home.resolve("docs"));
        Files.writeString(home.resolve("docs/error-codes.md"), page);
    }
}
