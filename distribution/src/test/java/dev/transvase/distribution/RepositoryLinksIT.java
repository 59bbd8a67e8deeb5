package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between the pages of the repository, as they work where it is hosted: files, folders, and headings within a page. */
class RepositoryLinksIT {

    private static final Path ROOT = Path.of(System.getProperty("transvase.docs"))
            .toAbsolutePath()
            .normalize()
            .getParent();

    private static final Pattern FENCED = Pattern.compile("^ *```.*?^ *```[ ]*$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern INLINE_CODE = Pattern.compile("`[^`\\n]*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(<?([^)\\s>]+)>?(?: \"[^\"]*\")?\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("^[a-z][a-z0-9+.-]*:.*");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*?) *#*$", Pattern.MULTILINE);
    private static final Pattern HEADING_LINK = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");

    @Test
    void everyLinkLeadsToAFileOrAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            for (String link : links(page)) {
                String problem = problem(page, link);
                if (!problem.isEmpty()) {
                    broken.add(ROOT.relativize(page) + ": " + link + ": " + problem);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyPageOfTheDocumentationIsReachedFromTheReadme() throws IOException {
        Set<Path> reached = new HashSet<>();
        Deque<Path> next = new ArrayDeque<>(List.of(ROOT.resolve("README.md")));
        while (!next.isEmpty()) {
            Path page = next.remove();
            if (reached.add(page)) {
                for (String link : links(page)) {
                    next.addAll(pagesAt(target(page, link)));
                }
            }
        }
        Set<Path> documentation = new TreeSet<>(pagesAt(ROOT.resolve("docs")));
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            files.filter(RepositoryLinksIT::isPage).forEach(documentation::add);
        }
        documentation.removeAll(reached);
        assertThat(documentation).isEmpty();
    }

    @Test
    void headingsAreKnownByTheirAnchors() {
        assertThat(anchors("# One\n\n## Two `words`, *more*\n\n## One\n\n## [A link](x.md) (4.2)\n\n## 从 DataX 来\n"))
                .containsExactlyInAnyOrder("one", "two-words-more", "one-1", "a-link-42", "从-datax-来");
        assertThat(anchors("```sh\n# no heading\n```\n")).isEmpty();
    }

    /** Pages that are written by hand: those of the root, of {@code docs}, and the one of the benchmarks. */
    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(pagesAt(ROOT));
        pages.addAll(pagesAt(ROOT.resolve("benchmarks")));
        for (String folder : List.of("docs", ".github")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                files.filter(RepositoryLinksIT::isPage).forEach(pages::add);
            }
        }
        assertThat(pages).hasSizeGreaterThan(20);
        return pages;
    }

    /** The page itself, or the pages of a folder, without those below. */
    private static List<Path> pagesAt(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            try (Stream<Path> files = Files.list(place)) {
                return files.filter(RepositoryLinksIT::isPage).toList();
            }
        }
        return isPage(place) && Files.exists(place) ? List.of(place) : List.of();
    }

    private static boolean isPage(Path file) {
        return file.toString().endsWith(".md");
    }

    private static List<String> links(Path page) throws IOException {
        String prose = INLINE_CODE
                .matcher(FENCED.matcher(Files.readString(page)).replaceAll(""))
                .replaceAll("");
        return LINK.matcher(prose)
                .results()
                .map(found -> found.group(1))
                .filter(link -> !ELSEWHERE.matcher(link).matches())
                .toList();
    }

    private static Path target(Path page, String link) {
        String path = decoded(link.split("#", 2)[0]);
        return path.isEmpty() ? page : page.resolveSibling(path).normalize();
    }

    private static String problem(Path page, String link) throws IOException {
        Path target = target(page, link);
        if (!target.startsWith(ROOT)) {
            return "leads out of the repository";
        }
        if (Files.notExists(target)) {
            return "no such file";
        }
        int hash = link.indexOf('#');
        if (hash < 0) {
            return "";
        }
        Set<String> anchors = isPage(target) ? anchors(Files.readString(target)) : Set.of();
        return anchors.contains(decoded(link.substring(hash + 1))) ? "" : "no such heading among " + anchors;
    }

    private static String decoded(String link) {
        return URLDecoder.decode(link.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** As GitHub makes them of headings: letters, digits, hyphens and underscores, numbered where they repeat. */
    private static Set<String> anchors(String page) {
        Set<String> anchors = new TreeSet<>();
        Matcher headings = HEADING.matcher(FENCED.matcher(page).replaceAll(""));
        while (headings.find()) {
            String text = HEADING_LINK.matcher(headings.group(1)).replaceAll("$1");
            String anchor = text.toLowerCase(Locale.ROOT).replace(' ', '-').replaceAll("[^\\p{L}\\p{M}\\p{N}_-]", "");
            String unique = anchor;
            for (int i = 1; !anchors.add(unique); i++) {
                unique = anchor + "-" + i;
            }
        }
        return anchors;
    }
}
