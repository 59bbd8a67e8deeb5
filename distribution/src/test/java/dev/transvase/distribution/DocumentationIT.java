package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documentation has to tell, since no program can do anything about it. */
class DocumentationIT {

    private static final Path DOCS =
            Path.of(System.getProperty("transvase.docs")).normalize();

    private static final Pattern STIFF =
            Pattern.compile("\\b(?:told|of which|so many|midst|lest|for good|anew|thereof)\\b");

    @Test
    void whenToUseBatchAndWhenRealTime() throws IOException {
        assertThat(DOCS.resolveSibling("README.md"))
                .content()
                .containsIgnoringWhitespaces(
                        "Batch jobs are for scheduled bulk loads, one-time migrations, and databases"
                                + " without logical replication.")
                .containsIgnoringWhitespaces(
                        "Rows that are deleted at the source, or that change again and again, need");
    }

    @Test
    void whatCannotBeReadIncrementally() throws IOException {
        assertThat(DOCS.resolve("incremental-reads.md"))
                .content()
                .containsIgnoringWhitespaces("Without one, a full read is the only one there is")
                .contains("examples/incremental-by-timestamp.json", "examples/incremental-by-id.json");
    }

    @Test
    void whatCannotBeToldOfAnEncoding() throws IOException {
        assertThat(DOCS.resolve("steps/postgresql-reader.md"))
                .content()
                .containsIgnoringWhitespaces(
                        "Bytes that are wrong but valid in the database's own encoding cannot be detected");
    }

    @Test
    void howKeysAndCertificatesAreMade() throws IOException {
        assertThat(DOCS.resolve("data-sources.md"))
                .content()
                .contains("openssl req -x509", "openssl x509 -req", "openssl pkcs8 -topk8", "client.pk8");
    }

    /** Words that are stiff, or that a reader with another first language stumbles over. */
    @Test
    void theEnglishIsPlain() throws IOException {
        Path root = DOCS.getParent();
        List<String> found = new ArrayList<>();
        int files = 0;
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path file : walk.filter(f -> isProse(root.relativize(f))).toList()) {
                files++;
                STIFF.matcher(Files.readString(file))
                        .results()
                        .forEach(word -> found.add(root.relativize(file) + ": " + word.group()));
            }
        }
        assertThat(files).isGreaterThan(500);
        assertThat(found)
                .as("write reported, whose, this many, within, so that ... not, permanently, again")
                .isEmpty();
    }

    private static boolean isProse(Path file) {
        String path = file.toString();
        boolean source = path.endsWith(".java") && path.contains("src/main/java/");
        boolean page = path.matches("(?:docs/.*|[A-Z]+)\\.md");
        return source || page;
    }

    /** The archive's own page is looked at where it is unpacked. */
    @Test
    void nothingLeadsNowhere() throws IOException {
        Path root = DOCS.getParent();
        Path archive = root.resolve("distribution/src/main/archive");
        List<MarkdownPage> pages = MarkdownPage.below(root, archive);
        assertThat(pages)
                .extracting(page -> root.relativize(page.file()).toString())
                .contains("README.md", "CONTRIBUTING.md", "benchmarks/README.md", "docs/job-files.md");
        List<String> wrong = new ArrayList<>();
        for (MarkdownPage page : pages) {
            wrong.addAll(page.brokenLinks(root));
            wrong.addAll(page.missingPaths(root, archive));
        }
        assertThat(wrong).isEmpty();
    }
}
