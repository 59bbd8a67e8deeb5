package dev.transvase.distribution;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A third party's plugin, compiled against nothing but what the distribution brings. */
final class TestingPlugin {

    private static final String SERVICE = "META-INF/services/dev.transvase.spi.Plugin";

    private final TestingDistribution distribution;
    private final Path work;

    /** @param work an empty folder */
    TestingPlugin(TestingDistribution distribution, Path work) {
        this.distribution = distribution;
        this.work = work;
    }

    /**
     * A source file.
     *
     * @param className with its package
     */
    record Source(String className, String text) {}

    /** Compiles one source file of no package. */
    TestingPlugin compile(String className, String source) throws IOException {
        return compile(List.of(new Source(className, source)));
    }

    /** Compiles source files together. */
    TestingPlugin compile(List<Source> sources) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", work.toString(), "-cp", library()));
        for (Source source : sources) {
            Path file = work.resolve(source.className().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            arguments.add(Files.writeString(file, source.text()).toString());
        }
        int code = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IOException("javac could not compile " + sources);
        }
        return this;
    }

    private String library() throws IOException {
        List<String> jars = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(distribution.home().resolve("lib"), "*.jar")) {
            files.forEach(file -> jars.add(file.toString()));
        }
        return String.join(File.pathSeparator, jars);
    }

    /** Leaves a compiled class out. */
    TestingPlugin without(String className) throws IOException {
        Files.delete(work.resolve(className + ".class"));
        return this;
    }

    /** Installs it under this name; {@code entry} goes into the service file, which is left out when it is empty. */
    Path install(String name, String entry) throws IOException {
        Path folder =
                Files.createDirectories(distribution.home().resolve("plugin").resolve(name));
        try (OutputStream file = Files.newOutputStream(folder.resolve(name + ".jar"));
                JarOutputStream jar = new JarOutputStream(file)) {
            if (!entry.isEmpty()) {
                jar.putNextEntry(new JarEntry(SERVICE));
                jar.write(entry.getBytes(StandardCharsets.UTF_8));
            }
            for (Path compiled : compiled()) {
                jar.putNextEntry(new JarEntry(work.relativize(compiled).toString()));
                Files.copy(compiled, jar);
            }
        }
        return folder;
    }

    private List<Path> compiled() throws IOException {
        try (Stream<Path> files = Files.walk(work)) {
            return files.filter(file -> file.toString().endsWith(".class")).toList();
        }
    }
}
