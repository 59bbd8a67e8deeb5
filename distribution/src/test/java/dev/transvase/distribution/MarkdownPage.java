package dev.transvase.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A page of documentation, and what it sends its readers to. */
record MarkdownPage(Path file, String text) {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
    private static final Pattern ADDRESS = Pattern.compile("[a-z]+:.*");
    private static final Pattern HEADING = Pattern.compile("^#+ +(.*?) *$", Pattern.MULTILINE);
    /** A path that begins with a folder of the archive, or in the folder that the reader is in. */
    private static final Pattern PATH =
            Pattern.compile("(?<![\\w./~-])(?:\\./|(?:bin|conf|docs|examples|licenses)/)[\\w./-]*\\w");

    private static final Pattern COMMAND = Pattern.compile("(?<![\\w.])(?:bin|\\.)/transvase ([a-z][a-z-]*)");

    static MarkdownPage read(Path file) throws IOException {
        return new MarkdownPage(file, Files.readString(file));
    }

    /** All pages of this folder but those that are built, hidden or in one of the folders left out. */
    static List<MarkdownPage> below(Path folder, Path... leftOut) throws IOException {
        List<MarkdownPage> pages = new ArrayList<>();
        collect(folder, Set.of(leftOut), pages);
        return pages;
    }

    private static void collect(Path folder, Collection<Path> leftOut, List<MarkdownPage> pages) throws IOException {
        List<Path> entries;
        try (Stream<Path> listed = Files.list(folder)) {
            entries = listed.sorted().toList();
        }
        for (Path entry : entries) {
            String name = entry.getFileName().toString();
            if (Files.isDirectory(entry)) {
                if (!name.equals("target") && !name.startsWith(".") && !leftOut.contains(entry)) {
                    collect(entry, leftOut, pages);
                }
            } else if (name.endsWith(".md")) {
                pages.add(read(entry));
            }
        }
    }

    /** Links to files or headings that are not there, or that are outside of this folder. */
    List<String> brokenLinks(Path root) throws IOException {
        List<String> broken = new ArrayList<>();
        Matcher links = LINK.matcher(text);
        while (links.find()) {
            String path = links.group(1);
            if (ADDRESS.matcher(path).matches()) {
                continue;
            }
            Path target = path.isEmpty() ? file : file.resolveSibling(path).normalize();
            boolean leads = target.startsWith(root) && Files.exists(target);
            if (!leads || (links.group(2) != null && !read(target).anchors().contains(links.group(2)))) {
                broken.add(file + ": " + links.group());
            }
        }
        return broken;
    }

    private Set<String> anchors() {
        return HEADING.matcher(text)
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** Paths in the text and its code that are in none of these folders. */
    List<String> missingPaths(Path... roots) {
        return PATH.matcher(text)
                .results()
                .map(path -> path.group())
                .filter(path -> Stream.of(roots).noneMatch(root -> Files.exists(root.resolve(path))))
                .map(path -> file + ": " + path)
                .toList();
    }

    /** The commands of Transvase in it. */
    Set<String> commands() {
        return COMMAND.matcher(text)
                .results()
                .map(command -> command.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
