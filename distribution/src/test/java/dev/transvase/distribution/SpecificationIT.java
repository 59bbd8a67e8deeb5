package dev.transvase.distribution;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/specification.md} names tests that are there, and numbers of the specification stand nowhere else. */
class SpecificationIT {

    private static final Path ROOT =
            Path.of(System.getProperty("transvase.docs")).normalize().getParent();

    private static final Pattern ROW = Pattern.compile("(?m)^\\| S(\\d+) \\| .+ \\| (.*) \\|$");

    /** A class, or one of its methods. */
    private static final Pattern TEST = Pattern.compile("`(\\w+)(?:\\.(\\w+))?`");

    private static final Pattern METHOD = Pattern.compile("\\b(\\w+)\\(");

    private static final Pattern NUMBER = Pattern.compile("\\bS\\d{1,3}\\b|_S\\d");

    @Test
    void everyRequirementHasTestsThatAreThere() throws IOException {
        Map<String, String> tests = sources("src/test/java").stream()
                .collect(groupingBy(SpecificationIT::className, mapping(SpecificationIT::text, joining("\n"))));
        List<String> wrong = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        String page = Files.readString(ROOT.resolve("docs/specification.md"));
        for (MatchResult row : ROW.matcher(page).results().toList()) {
            numbers.add(Integer.valueOf(row.group(1)));
            List<MatchResult> named = TEST.matcher(row.group(2)).results().toList();
            if (named.isEmpty()) {
                wrong.add("S" + row.group(1) + " has no test");
            }
            for (MatchResult test : named) {
                String source = tests.getOrDefault(test.group(1), "");
                boolean there = test.group(2) == null
                        ? !source.isEmpty()
                        : METHOD.matcher(source)
                                .results()
                                .anyMatch(m -> m.group(1).equals(test.group(2)));
                if (!there) {
                    wrong.add("S" + row.group(1) + ": there is no test " + test.group());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(numbers).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(100);
    }

    @Test
    void numbersStandInThatPageOnly() throws IOException {
        List<Path> sources = new ArrayList<>(sources("src/main/java"));
        sources.addAll(sources("src/test/java"));
        assertThat(sources)
                .filteredOn(file -> !className(file).equals("SpecificationIT"))
                .hasSizeGreaterThan(500)
                .allSatisfy(
                        file -> assertThat(NUMBER.matcher(text(file)).results().map(MatchResult::group))
                                .as(file.toString())
                                .isEmpty());
    }

    private static String className(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Those of all modules. */
    private static List<Path> sources(String below) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path folder : modules.map(module -> module.resolve(below)).toList()) {
                if (Files.isDirectory(folder)) {
                    try (Stream<Path> files = Files.walk(folder)) {
                        files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                    }
                }
            }
        }
        return found;
    }
}
