package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documentation has to tell, since no program can do anything about it. */
class DocumentationIT {

    private static final Path DOCS =
            Path.of(System.getProperty("transvase.docs")).normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    @Test
    void whenToUseBatchAndWhenRealTime() throws IOException { // S3, S4
        assertThat(DOCS.resolveSibling("README.md"))
                .content()
                .containsIgnoringWhitespaces(
                        "Batch jobs are for scheduled bulk loads, one-time migrations, and databases"
                                + " without logical replication.")
                .containsIgnoringWhitespaces(
                        "Rows that are deleted at the source, or that change again and again, want");
    }

    @Test
    void whatCannotBeReadIncrementally() throws IOException { // S59
        assertThat(DOCS.resolve("incremental-reads.md"))
                .content()
                .containsIgnoringWhitespaces("Without one, a full read is the only one there is")
                .contains("examples/incremental-by-timestamp.json", "examples/incremental-by-id.json");
    }

    @Test
    void whatCannotBeToldOfAnEncoding() throws IOException { // S61
        assertThat(DOCS.resolve("steps/postgresql-reader.md"))
                .content()
                .containsIgnoringWhitespaces(
                        "Bytes that are wrong in the database's own encoding, but mean something in it, cannot be told apart");
    }

    @Test
    void noLinkLeadsNowhere() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(DOCS.resolveSibling("README.md")));
        try (Stream<Path> files = Files.walk(DOCS)) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        List<String> broken = new ArrayList<>();
        for (Path page : pages) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                if (Files.notExists(page.resolveSibling(links.group(1)))) {
                    broken.add(page + ": " + links.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
    }
}
