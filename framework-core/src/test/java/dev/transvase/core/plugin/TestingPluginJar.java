package dev.transvase.core.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Compiles sources against the SPI and packs them into a plugin's folder. */
final class TestingPluginJar {

    private final Map<String, String> sources = new LinkedHashMap<>();
    private Predicate<String> packed = name -> true;
    private String serviceFile = "";

    /** Adds a class; the source has no package statement of its own. */
    TestingPluginJar source(String className, String source) {
        int dot = className.lastIndexOf('.');
        sources.put(className, "package " + className.substring(0, dot) + ";\n" + source);
        return this;
    }

    /** A plugin class with a stream-like reader type of this name and no other behaviour. */
    TestingPluginJar plugin(String className, String stepType, String body) {
        return source(className, """
                        import dev.transvase.spi.*;
                        import java.util.*;
                        public class %s implements Plugin {
                            public record Parameters() {}
                            public static abstract class NoReader implements Reader {}
                            @Override public List<StepType> stepTypes() {
                                %s
                                return List.of(new ReaderType("%s", List.of(), "for tests", Parameters.class,
                                    Optional.empty(), NoReader.class));
                            }
                        }
                        """.formatted(className.substring(className.lastIndexOf('.') + 1), body, stepType))
                .service(className);
    }

    TestingPluginJar service(String className) {
        serviceFile = className;
        return this;
    }

    /** Leaves compiled classes out of the jar. */
    TestingPluginJar without(String className) {
        String file = className.replace('.', '/') + ".class";
        packed = packed.and(name -> !name.equals(file));
        return this;
    }

    void packInto(Path folder) {
        try {
            Path work = Files.createTempDirectory("plugin-jar");
            compile(work);
            Files.createDirectories(folder);
            try (OutputStream out = Files.newOutputStream(folder.resolve("plugin.jar"));
                    JarOutputStream jar = new JarOutputStream(out)) {
                pack(work, jar);
            }
            delete(work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void compile(Path work) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("-d", work.toString(), "-proc:none", "-cp", System.getProperty("java.class.path")));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = work.resolve("src").resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
            arguments.add(file.toString());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IllegalStateException("the test's plugin does not compile");
        }
    }

    private static void delete(Path work) throws IOException {
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void pack(Path work, JarOutputStream jar) throws IOException {
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name = work.relativize(file).toString();
                if (packed.test(name)) {
                    jar.putNextEntry(new JarEntry(name));
                    jar.write(Files.readAllBytes(file));
                }
            }
        }
        if (!serviceFile.isEmpty()) {
            jar.putNextEntry(new JarEntry("META-INF/services/dev.transvase.spi.Plugin"));
            jar.write(serviceFile.getBytes(StandardCharsets.UTF_8));
        }
    }
}
