package dev.transvase.ui.error;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The page of the distribution that explains the codes of errors, each below a heading of its own. It has none of other plugins. */
public final class ErrorCodePage {

    private static final String HEADING = "### ";
    private static final Pattern NEXT = Pattern.compile("^#{1,3} ");

    private final Path page;

    /** @param home the distribution's folder */
    public ErrorCodePage(Path home) {
        this.page = home.resolve("docs").resolve("error-codes.md");
    }

    /** What it says of this code, as Markdown; empty when it says nothing, or is not there. Reads the page. */
    public Optional<String> textOf(String code) {
        try {
            List<String> lines = Files.readAllLines(page);
            int heading = lines.indexOf(HEADING + code);
            if (heading < 0) {
                return Optional.empty();
            }
            List<String> text = lines.subList(heading + 1, lines.size()).stream()
                    .takeWhile(line -> !NEXT.matcher(line).find())
                    .toList();
            return Optional.of(String.join("\n", text).strip());
        } catch (IOException e) {
            return Optional.empty(); // without the page there is nothing to tell
        }
    }
}
