package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the documentation has to tell, since no program can do anything about it. */
class DocumentationIT {

    private static final Path DOCS =
            Path.of(System.getProperty("transvase.docs")).normalize();

    @Test
    void whenToUseBatchAndWhenRealTime() throws IOException {
        assertThat(DOCS.resolveSibling("README.md"))
                .content()
                .containsIgnoringWhitespaces(
                        "Batch jobs are for scheduled bulk loads, one-time migrations, and databases"
                                + " without logical replication.")
                .containsIgnoringWhitespaces(
                        "Rows that are deleted at the source, or that change again and again, want");
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
