package dev.transvase.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.Plugin;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginCatalogTest {

    @TempDir
    Path root;

    private PluginCatalog load() {
        return PluginCatalog.load(root, Plugin.class.getClassLoader());
    }

    @Test
    void findsAPluginByItsStepType() {
        new TestingPluginJar().plugin("acme.AcmePlugin", "acme", "").packInto(root.resolve("acme"));
        try (PluginCatalog catalog = load()) {
            assertThat(catalog.unusable()).isEmpty();
            assertThat(catalog.reader("acme").plugin().name()).isEqualTo("acme");
            assertThatThrownBy(() -> catalog.writer("acme")).hasMessageContaining("no installed plugin has a writer");
        }
    }

    @Test
    void aPluginUsesItsOwnCopyOfALibraryThatTheHostHasToo() {
        new TestingPluginJar()
                .source(
                        "com.google.inject.Guice",
                        "public class Guice { public static String v() { return \"own\"; } }")
                .plugin(
                        "acme.AcmePlugin",
                        "acme",
                        "if (!com.google.inject.Guice.v().equals(\"own\")) throw new IllegalStateException();")
                .packInto(root.resolve("acme"));
        try (PluginCatalog catalog = load()) {
            assertThat(catalog.unusable()).isEmpty();
        }
    }

    @Test
    void aPluginDoesNotSeeTheHostsLibraries() {
        new TestingPluginJar()
                .plugin("acme.AcmePlugin", "acme", "com.google.inject.Guice.createInjector();")
                .packInto(root.resolve("acme"));
        try (PluginCatalog catalog = load()) {
            assertThat(catalog.unusable())
                    .singleElement()
                    .satisfies(e -> assertThat(e).hasMessageContaining("lack the class com.google.inject."));
        }
    }

    @Test
    void theContextClassLoaderIsThePluginsDuringACall() {
        new TestingPluginJar()
                .plugin(
                        "acme.AcmePlugin",
                        "acme",
                        "if (Thread.currentThread().getContextClassLoader() != AcmePlugin.class.getClassLoader())"
                                + " throw new IllegalStateException();")
                .packInto(root.resolve("acme"));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (PluginCatalog catalog = load()) {
            assertThat(catalog.unusable()).isEmpty();
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
        }
    }

    @Test
    void saysThatTheServiceFileIsMissing() {
        new TestingPluginJar().plugin("acme.AcmePlugin", "acme", "").service("").packInto(root.resolve("acme"));
        assertUnusable("META-INF/services/dev.transvase.spi.Plugin");
    }

    @Test
    void saysWhichClassIsMissing() {
        new TestingPluginJar()
                .source("acme.Needed", "public class Needed { public static void use() {} }")
                .plugin("acme.AcmePlugin", "acme", "Needed.use();")
                .without("acme.Needed")
                .packInto(root.resolve("acme"));
        assertUnusable("acme.Needed");
    }

    @Test
    void saysThatTheFolderIsEmpty() throws IOException {
        Files.createDirectories(root.resolve("acme"));
        assertUnusable("no jar");
    }

    private void assertUnusable(String reason) {
        new TestingPluginJar().plugin("fine.FinePlugin", "fine", "").packInto(root.resolve("fine"));
        try (PluginCatalog catalog = load()) {
            assertThat(catalog.plugins()).extracting(InstalledPlugin::name).containsExactly("fine");
            assertThat(catalog.unusable()).singleElement().satisfies(e -> {
                assertThat(e.type()).isEqualTo(ErrorType.USER);
                assertThat(e).hasMessageContaining("plugin acme").hasMessageContaining(reason);
            });
            assertThat(catalog.reader("fine").plugin().name()).isEqualTo("fine");
            assertThatThrownBy(() -> catalog.reader("acme"))
                    .isInstanceOf(TransvaseException.class)
                    .hasMessageContaining("there are: fine")
                    .hasMessageContaining("plugin acme");
        }
    }

    @Test
    void twoPluginsForOneStepTypeAreAnErrorForTheJobsThatUseIt() {
        new TestingPluginJar().plugin("a.APlugin", "acme", "").packInto(root.resolve("a"));
        new TestingPluginJar().plugin("b.BPlugin", "acme", "").packInto(root.resolve("b"));
        try (PluginCatalog catalog = load()) {
            assertThatThrownBy(() -> catalog.reader("acme"))
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("STEP_TYPE_AMBIGUOUS"))
                    .hasMessageContaining("a, b")
                    .hasMessageContaining("Remove all but one");
        }
    }
}
