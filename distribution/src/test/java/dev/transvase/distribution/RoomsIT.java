package dev.transvase.distribution;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packages of a module are small, and arrows between them go one way. */
class RoomsIT {

    private static final int MOST_FILES = 21;

    @TempDir
    static Path folder;

    private static Path home;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        home = TestingDistribution.unpack(folder).home();
    }

    @Test
    void postgresqlCommon() throws IOException {
        check("postgresql-common", 9);
    }

    @Test
    void pluginPostgresqlCdc() throws IOException {
        check("plugin-postgresql-cdc", 10);
    }

    @Test
    void pluginPostgresqlWriter() throws IOException {
        check("plugin-postgresql-writer", 15);
    }

    @Test
    void frameworkSpi() throws IOException {
        check("framework-spi", 6);
    }

    @Test
    void frameworkCli() throws IOException {
        check("framework-cli", 9);
    }

    @Test
    void frameworkUi() throws IOException {
        check("framework-ui", 9);
    }

    private static void check(String module, int packages) throws IOException {
        JavaClasses classes = classesOf(module);
        Map<String, Long> files = classes.stream()
                .filter(c -> !c.isNestedClass() && !c.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
        assertThat(files).as("packages of " + module).hasSizeGreaterThanOrEqualTo(packages);
        assertThat(files)
                .as("files of each package of " + module)
                .allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(MOST_FILES));
        slices().assignedFrom(new EachPackage()).should().beFreeOfCycles().check(classes);
    }

    private static JavaClasses classesOf(String module) throws IOException {
        Path found;
        try (Stream<Path> files = Files.walk(home)) {
            found = files.filter(file -> file.getFileName().toString().matches(module + "-\\d.*\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
        try (JarFile jar = new JarFile(found.toFile())) {
            return new ClassFileImporter().importJar(jar);
        }
    }

    /** A package without those below it, the module's own one too. */
    private static final class EachPackage implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
