package dev.transvase.cli;

import dev.transvase.cli.demo.Demo;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.Signals;
import dev.transvase.cli.sample.SampleDemo;
import dev.transvase.cli.sample.SamplePlugin;
import dev.transvase.spi.Plugin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** A distribution's folder that has the sample plugin, and a command line that works there. */
public final class TestingHome {

    private final Path folder;
    private final Map<String, String> variables = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    public TestingHome(Path folder) throws IOException {
        this.folder = folder;
        plugin("sample", SamplePlugin.class);
    }

    public Path folder() {
        return folder;
    }

    public void variable(String name, String value) {
        variables.put(name, value);
    }

    /** Installs the sample's classes as a plugin of this name. */
    public void plugin(String name, Class<? extends Plugin> entry) throws IOException {
        jar(folder.resolve("plugin").resolve(name).resolve(name + ".jar"), Plugin.class, entry);
    }

    public void demo() throws IOException {
        jar(folder.resolve("demo/lib/demo.jar"), Demo.class, SampleDemo.class);
    }

    private static void jar(Path jar, Class<?> service, Class<?> provider) throws IOException {
        Files.createDirectories(jar.getParent());
        String packageFolder = provider.getPackageName().replace('.', '/');
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file);
                DirectoryStream<Path> classes =
                        Files.newDirectoryStream(classes().resolve(packageFolder), "*.class")) {
            entries.putNextEntry(new JarEntry("META-INF/services/" + service.getName()));
            entries.write(provider.getName().getBytes(StandardCharsets.UTF_8));
            for (Path compiled : classes) {
                entries.putNextEntry(new JarEntry(packageFolder + '/' + compiled.getFileName()));
                Files.copy(compiled, entries);
            }
        }
    }

    private static Path classes() {
        return Path.of(SamplePlugin.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    }

    /** A file with this text. */
    public Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** A job from sample to sample. */
    public Path job(String reader, String writer, String setting) throws IOException {
        return file("numbers.json", """
                {"type": "job", "version": "2.0", "steps": [
                  {"stepType": "sample", "name": "Reader", "category": "reader", "parameter": %s},
                  {"stepType": "sample", "name": "Writer", "category": "writer", "parameter": %s}],
                 "setting": %s,
                 "order": {"hops": [{"from": "Reader", "to": "Writer"}]}}
                """.formatted(reader, writer, setting));
    }

    /** Runs a command; what it printed before is forgotten. */
    public int run(Object... arguments) {
        return run(listener -> () -> {}, arguments);
    }

    /** Runs a command that these can tell to end. */
    public int run(Signals signals, Object... arguments) {
        out.reset();
        err.reset();
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        try (PrintStream toOut = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream toErr = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            Environment environment = new Environment(
                    folder, Map.copyOf(variables), toOut, toErr, new Environment.Terminal(false, false, 100), signals);
            return new Transvase(environment).run(texts);
        }
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    public String log() throws IOException {
        return Files.readString(folder.resolve("log/transvase.log"));
    }
}
