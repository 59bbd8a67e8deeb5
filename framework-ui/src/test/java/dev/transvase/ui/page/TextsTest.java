package dev.transvase.ui.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TextsTest {

    /** A key as modules write it: what is put together at run time is not seen. */
    private static final Pattern USE = Pattern.compile("\\btext\\('([^']*[^'.])'[,)]");

    private static final Pattern PLACE = Pattern.compile("\\{\\d\\}");

    @Test
    void everyLanguageHasTheSameTextsWithTheSamePlaces() {
        Texts english = Texts.all().get("en");
        assertThat(Texts.all()).containsOnlyKeys("en", "zh");
        Texts chinese = Texts.all().get("zh");
        assertThat(chinese.keys()).isEqualTo(english.keys());
        assertThat(english.keys())
                .allSatisfy(key -> assertThat(places(chinese.of(key))).as(key).isEqualTo(places(english.of(key))));
    }

    private static Set<String> places(String text) {
        return new TreeSet<>(
                PLACE.matcher(text).results().map(MatchResult::group).toList());
    }

    @Test
    void everyTextThatAModuleShowsIsThere() throws IOException {
        List<String> used = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/dev/transvase/ui/static"))) {
            for (Path module :
                    files.filter(file -> file.toString().endsWith(".js")).toList()) {
                USE.matcher(Files.readString(module)).results().forEach(use -> used.add(use.group(1)));
            }
        }
        assertThat(used)
                .hasSizeGreaterThan(200)
                .isSubsetOf(Texts.all().get("en").keys());
    }

    @Test
    void valuesAreNeverReadAsPlaces() {
        assertThat(Texts.all().get("en").of("footer.folder", "$0 {1}")).isEqualTo("Jobs are in $0 {1}");
    }
}
