package dev.transvase.distribution;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static dev.transvase.distribution.TestingErrorCodes.ERROR_CODE;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.transvase.distribution.TestingErrorCodes.Constant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The codes of errors, and the page that explains them. */
class ErrorCodesIT {

    private static final Map<String, String> CATEGORIES =
            Map.of("USER", "Job", "EXTERNAL", "Outside", "INTERNAL", "Defect");

    private static final Pattern PARAGRAPH =
            Pattern.compile("\\*(?<category>\\w+)\\.\\* (?<meaning>\\S.*\\.)\\n→ (?<remedy>\\S.*\\.)", Pattern.DOTALL);

    private static final Pattern HELP = Pattern.compile("(?m)^  help: ([^#\\n]+)(?:#(.+))?$");

    private static final String ONE_BAD_PARAMETER = job("\"print\": true");
    private static final String TWO_BAD_PARAMETERS = job("\"fileName\": \"rows.txt\"");

    @TempDir
    static Path folder;

    private static TestingDistribution distribution;
    private static List<Path> jars;
    private static List<Constant> constants;
    private static Page page;

    @BeforeAll
    static void read() throws IOException, InterruptedException, ReflectiveOperationException {
        distribution = TestingDistribution.unpack(folder.toRealPath().resolve("archive"));
        jars = TestingErrorCodes.jars(distribution.home());
        constants = TestingErrorCodes.in(jars);
        page = Page.read(distribution.home().resolve("docs/error-codes.md"));
    }

    @Test
    void eachCodeHasItsParagraphAndEachParagraphACode() {
        assertThat(page.codes())
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        constants.stream().map(Constant::code).toList());
    }

    @Test
    void eachParagraphHasACategoryAMeaningAndARemedy() {
        assertThat(page.paragraphs()).allSatisfy((code, paragraph) -> {
            Matcher parts = PARAGRAPH.matcher(paragraph);
            assertThat(parts.matches()).as(code + ": " + paragraph).isTrue();
            assertThat(paragraph).as(code).doesNotContain("\n\n");
            assertThat(parts.group("meaning").split("\\s+")).as(code).hasSizeGreaterThan(3);
            assertThat(parts.group("remedy").split("\\s+")).as(code).hasSizeGreaterThan(1);
        });
    }

    @Test
    void eachParagraphNamesTheCategoryOfItsCode() {
        Map<String, String> told = page.paragraphs().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> category(entry.getValue())));

        assertThat(told)
                .isEqualTo(constants.stream()
                        .collect(Collectors.toMap(Constant::code, constant -> CATEGORIES.get(constant.type()))));
    }

    @Test
    void codesStandInOrderWithinTheirSection() {
        assertThat(page.sections())
                .hasSizeGreaterThan(5)
                .allSatisfy(section -> assertThat(section).isNotEmpty().isSorted());
    }

    @Test
    void eachConstantIsNamedAsItsCodeWhichNoOtherHas() {
        assertThat(constants)
                .allSatisfy(constant -> assertThat(constant.field()).isEqualTo(constant.code()));
        assertThat(constants).extracting(Constant::code).doesNotHaveDuplicates();
    }

    @Test
    void codesAreMadeWhereTheyAreLookedFor() throws IOException {
        List<JarFile> opened = new ArrayList<>();
        for (Path file : jars) {
            opened.add(new JarFile(file.toFile()));
        }
        JavaClasses imported = new ClassFileImporter().importJars(opened);
        for (JarFile jar : opened) {
            jar.close();
        }

        classes()
                .that()
                .haveSimpleName("CoreErrors")
                .should()
                .callMethod(ERROR_CODE, "user", "java.lang.String")
                .check(imported); // else the rule below would look for what nobody calls
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.transvase\\..*Errors")
                .and()
                .doNotHaveFullyQualifiedName(ERROR_CODE)
                .should()
                .callMethod(ERROR_CODE, "user", "java.lang.String")
                .orShould()
                .callMethod(ERROR_CODE, "external", "java.lang.String")
                .orShould()
                .callMethod(ERROR_CODE, "internal", "java.lang.String")
                .orShould()
                .callConstructor(ERROR_CODE, "java.lang.String", "dev.transvase.spi.error.ErrorType")
                .check(imported);
    }

    @Test
    void theConsolePointsToTheParagraphOfACode() throws IOException, InterruptedException {
        assertThat(helpOf(distribution.home().resolve("no-such-job.json"))).isEqualTo("file_not_found");
        assertThat(helpOf(write("one.json", ONE_BAD_PARAMETER))).isEqualTo("invalid_parameter");
    }

    @Test
    void theConsolePointsToThePageWhenThereAreSeveralCodes() throws IOException, InterruptedException {
        assertThat(helpOf(write("two.json", TWO_BAD_PARAMETERS))).isNull();
    }

    /** The anchor that the console names for this job, {@code null} for the page alone, and both are there. */
    private static String helpOf(Path job) throws IOException, InterruptedException {
        TestingDistribution.Ended run = distribution.run("run", job);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        Matcher help = HELP.matcher(run.err());
        assertThat(help.find()).as(run.err()).isTrue();
        assertThat(Path.of(help.group(1))).isRegularFile();
        String anchor = help.group(2);
        if (anchor != null) {
            assertThat(Page.read(Path.of(help.group(1))).codes())
                    .extracting(code -> code.toLowerCase(Locale.ROOT))
                    .contains(anchor);
        }
        return anchor;
    }

    private static Path write(String name, String job) throws IOException {
        return Files.writeString(folder.resolve(name), job);
    }

    /** A job whose reader has a parameter that is no number. */
    private static String job(String writerParameter) {
        return """
                {"job": {"content": [{
                   "reader": {"name": "streamreader",
                              "parameter": {"column": [{"type": "string", "value": "a"}], "sliceRecordCount": "many"}},
                   "writer": {"name": "streamwriter", "parameter": {%s}}}]}}
                """.formatted(writerParameter);
    }

    private static String category(String paragraph) {
        Matcher parts = PARAGRAPH.matcher(paragraph);
        return parts.matches() ? parts.group("category") : "";
    }

    /**
     * The page, taken apart.
     *
     * @param sections the codes of each
     * @param paragraphs what is said of each code
     */
    private record Page(List<List<String>> sections, Map<String, String> paragraphs) {

        private static final Pattern SECTION = Pattern.compile("(?m)^## ");
        private static final Pattern CODE = Pattern.compile("(?m)^### ");

        static Page read(Path file) throws IOException {
            List<List<String>> sections = new ArrayList<>();
            Map<String, String> paragraphs = new HashMap<>();
            String[] parts = SECTION.split(Files.readString(file));
            for (String part : List.of(parts).subList(1, parts.length)) {
                List<String> codes = new ArrayList<>();
                String[] entries = CODE.split(part);
                for (String entry : List.of(entries).subList(1, entries.length)) {
                    String code = entry.lines().findFirst().orElseThrow();
                    codes.add(code);
                    paragraphs.put(code, entry.substring(code.length()).strip());
                }
                sections.add(codes);
            }
            return new Page(sections, paragraphs);
        }

        List<String> codes() {
            return sections.stream().flatMap(List::stream).toList();
        }
    }
}
