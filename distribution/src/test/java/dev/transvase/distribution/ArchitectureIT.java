package dev.transvase.distribution;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
            ".parameter",
            ".error");

    /** What these put into lower or upper case are values, keywords and constants; names of tables and columns are not among them. */
    private static final List<String> FOLD_WORDS = List.of(
            "dev.transvase.postgresql.LoginRules",
            "dev.transvase.postgresql.sql.StatementText",
            "dev.transvase.postgresql.tls.EncryptedKey",
            "dev.transvase.postgresql.tls.PemKey",
            "dev.transvase.postgresql.reader.TakenName",
            "dev.transvase.postgresql.cdc.pgoutput.Lsn",
            "dev.transvase.postgresql.writer.conversion.IntervalText",
            "dev.transvase.postgresql.writer.conversion.TemporalText",
            "dev.transvase.postgresql.writer.conversion.TextChecks",
            "dev.transvase.postgresql.writer.parameter.PostgresWriterParameters",
            "dev.transvase.postgresql.writer.plan.TargetPrivileges");

    private static final Path CORE_SOURCES = Path.of(System.getProperty("transvase.docs"))
            .resolveSibling("framework-core/src/main/java")
            .normalize();

    private static final Pattern OF_A_DATABASE = Pattern.compile("(?i)jdbc:postgresql|\\blsn\\b");

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
        for (String part : List.of("spi", "core", "cli", "ui", "stream", "postgresql", "demo", "embedded")) {
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

    /** In code, messages and comments alike: plugins say what URLs and positions look like. */
    @Test
    void theCoreSpeaksOfNoDatabase() throws IOException {
        Map<String, String> found = new TreeMap<>();
        int files = 0;
        try (Stream<Path> walk = Files.walk(CORE_SOURCES)) {
            for (Path file : walk.filter(f -> f.toString().endsWith(".java")).toList()) {
                files++;
                Matcher word = OF_A_DATABASE.matcher(Files.readString(file));
                if (word.find()) {
                    found.put(CORE_SOURCES.relativize(file).toString(), word.group());
                }
            }
        }
        assertThat(files).isPositive();
        assertThat(found).isEmpty();
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
    void theUiKnowsTheCoreAndOfTheCommandLineWhatItIsFoundBy() {
        noClasses()
                .that()
                .resideInAPackage("dev.transvase.ui..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.transvase..")
                        .and(not(resideInAnyPackage(SPI, CORE, "dev.transvase.ui..", "dev.transvase.cli.ui"))))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("org.postgresql..", "java.sql..")
                .check(ours);
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.transvase.ui..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.transvase.ui..")
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

    /** Java folds letters that PostgreSQL leaves as they are; {@code SqlNames} folds as the server does. */
    @Test
    void namesArePutIntoLowerCaseInOnePlace() {
        noClasses()
                .that()
                .resideInAPackage("dev.transvase.postgresql..")
                .and(describe(
                        "have to do with names",
                        c -> !FOLD_WORDS.contains(outermost(c).getName())))
                .should()
                .accessTargetWhere(calls(String.class, "toLowerCase", "toUpperCase"))
                .check(ours);
    }

    /** What waits can be cancelled: {@code Pause} in plugins, the core's clock in the core. */
    @Test
    void nobodySleeps() {
        noClasses()
                .that(describe("are no clock", c -> !outermost(c).getName().equals("dev.transvase.core.run.Ticker")))
                .should()
                .accessTargetWhere(calls(Thread.class, "sleep"))
                .orShould()
                .accessTargetWhere(calls(TimeUnit.class, "sleep"))
                .check(ours);
    }

    private static JavaClass outermost(JavaClass of) {
        return of.getEnclosingClass().map(ArchitectureIT::outermost).orElse(of);
    }

    private static DescribedPredicate<JavaAccess<?>> calls(Class<?> type, String... methods) {
        return describe(
                "calls " + type.getSimpleName() + '.' + String.join(", ", methods),
                access -> access.getTargetOwner().isEquivalentTo(type)
                        && List.of(methods).contains(access.getName()));
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
