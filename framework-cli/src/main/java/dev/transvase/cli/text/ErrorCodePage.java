package dev.transvase.cli.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The page of the distribution that explains the codes of errors, each below a heading of its own. It has none of other plugins. */
public final class ErrorCodePage {

    private static final String HEADING = "### ";

    private final Path page;

    /** @param home the distribution's folder */
    public ErrorCodePage(Path home) {
        this.page = home.resolve("docs").resolve("error-codes.md");
    }

    /** Where this code is explained; empty when it is not, or when the page is not there. Reads the page. */
    public Optional<String> of(String code) {
        try {
            return Files.readAllLines(page).contains(HEADING + code)
                    ? Optional.of(page + "#" + code.toLowerCase(Locale.ROOT))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // without the page there is nothing to point at
        }
    }

    /** Where the codes of all errors are explained. */
    public Path path() {
        return page;
    }
}
