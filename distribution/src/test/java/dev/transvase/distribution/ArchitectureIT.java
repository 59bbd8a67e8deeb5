package dev.transvase.distribution;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may know whom, looked up in the jars that are shipped. */
class ArchitectureIT {

    private static final String SPI = "dev.transvase.spi..";
    private static final String CORE = "dev.transvase.core..";
    private static final String READER = "dev.transvase.postgresql.reader..";
    private static final String WRITER = "dev.transvase.postgresql.writer..";
    private static final String CDC = "dev.transvase.postgresql.cdc..";
    private static final String STREAM = "dev.transvase.stream..";

    /** In this order: each may look at those after it, and at none before it. */
    private static final List<String> ROOMS_OF_THE_WRITER = List.of(
            "",
            ".changes",
            ".changes.apply",
            ".changes.statement",
            ".changes.plan",
            ".rows",
            ".plan",
            ".session",
            ".statement",
            ".batch",
            ".jobsql",
            ".target",
            ".transfer",
            ".conversion",
            ".wire",
            ".parameter");

    @TempDir
    static Path folder;

    private static JavaClasses ours;

    @BeforeAll
    static void importJars() throws IOException, InterruptedException {
        Path home = TestingDistribution.unpack(folder).home();
        Map<String, JarFile> jars = new HashMap<>();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
                jars.put(file.getFileName().toString(), new JarFile(file.toFile()));
            }
        }
        JavaClasses all = new ClassFileImporter().importJars(new ArrayList<>(jars.values()));
        ours = all.that(resideInAPackage("dev.transvase.."));
        for (JarFile jar : jars.values()) {
            jar.close();
        }
    }

    @Test
    void everyPartIsLookedAt() {
        for (String part : List.of("spi", "core", "cli", "stream", "postgresql", "demo", "embedded")) {
            assertThat(ours.that(resideInAPackage("dev.transvase." + part + "..")))
                    .as(part)
                    .isNotEmpty();
        }
    }

    @Test
    void theSpiKnowsOnlyItselfAndWhatPluginsMaySee() {
        classes()
                .that()
                .resideInAPackage(SPI)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(SPI, "java..", "org.slf4j..", "jakarta.inject.."))
                .check(ours);
    }

    @Test
    void theCoreKnowsNoPluginAndNoDatabase() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.transvase..").and(not(resideInAnyPackage(SPI, CORE))))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("org.postgresql..", "java.sql..")
                .check(ours);
    }

    @Test
    void pluginsKnowTheSpiAndNeitherTheCoreNorEachOther() {
        noClasses()
                .that()
                .resideInAnyPackage(STREAM, "dev.transvase.postgresql..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CORE, "dev.transvase.cli..", "dev.transvase.demo..", "dev.transvase.embedded..")
                .check(ours);
        noClasses()
                .that()
                .resideInAPackage(STREAM)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.transvase.postgresql..")
                .check(ours);
        noClasses()
                .that()
                .resideInAPackage(READER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(WRITER, CDC, STREAM)
                .check(ours);
        noClasses()
                .that()
                .resideInAPackage(WRITER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(READER, CDC, STREAM)
                .check(ours);
        noClasses()
                .that()
                .resideInAPackage(CDC)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(READER, WRITER, STREAM)
                .check(ours);
        noClasses()
                .that()
                .resideInAPackage("dev.transvase.postgresql..")
                .and()
                .resideOutsideOfPackages(READER, WRITER, CDC)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(READER, WRITER, CDC, STREAM)
                .check(ours);
    }

    @Test
    void onlyTheCoreKnowsGuice() {
        noClasses()
                .that()
                .resideOutsideOfPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.inject..")
                .check(ours);
    }

    @Test
    void nobodyUsesTheDriverManagerWhichIsGlobalAndPinsClassLoaders() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.sql.DriverManager")
                .check(ours);
    }

    @Test
    void callsInTheWriterGoOneWay() {
        String root = "dev.transvase.postgresql.writer";
        List<String> packages =
                ROOMS_OF_THE_WRITER.stream().map(room -> root + room).toList();
        assertThat(ours.that(resideInAPackage(WRITER)).stream().map(JavaClass::getPackageName))
                .as("packages of the writer; name a new one in its place among ROOMS_OF_THE_WRITER")
                .hasSameElementsAs(packages);
        for (int i = 1; i < packages.size(); i++) {
            noClasses()
                    .that()
                    .resideInAPackage(packages.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(packages.subList(0, i).toArray(String[]::new))
                    .check(ours);
        }
    }

    @Test
    void thePackagesOfTheCoreHaveNoCycles() {
        slices().matching("dev.transvase.core.(*)..").should().beFreeOfCycles().check(ours);
    }
}
