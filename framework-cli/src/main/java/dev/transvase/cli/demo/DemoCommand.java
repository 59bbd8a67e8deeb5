package dev.transvase.cli.demo;

import static dev.transvase.cli.process.CliErrors.NO_DEMO;

import dev.transvase.cli.command.Console;
import dev.transvase.cli.command.LoggedCommand;
import dev.transvase.cli.log.LogFile;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.Shell;
import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code transvase demo}: finds the demo, which has jars of its own because nothing else needs them. */
@Command(name = "demo", description = "Run the main job on embedded PostgreSQL servers, with nothing to install.")
public final class DemoCommand extends LoggedCommand {

    @Option(names = "--keep", description = "Keep the servers running until Ctrl-C.")
    private boolean keep;

    @Option(names = "--ui", description = "Run no job, but open the UI with all of them ready to run, until Ctrl-C.")
    private boolean ui;

    @Option(names = "--folder", paramLabel = "DIR", description = "Folder for the demo's files.")
    private Path folder;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "200000",
            description = "Rows of the largest table (${DEFAULT-VALUE}).")
    private int rows;

    private final Shell transvase;

    /** @param transvase runs other commands */
    public DemoCommand(Environment environment, Shell transvase) {
        super(environment);
        this.transvase = transvase;
    }

    @Override
    protected int run(Console console, LogFile log) {
        Path lib = environment().home().resolve("demo").resolve("lib");
        try (URLClassLoader loader = new URLClassLoader("demo", jars(lib), DemoCommand.class.getClassLoader())) {
            Iterator<Demo> demos = ServiceLoader.load(Demo.class, loader).iterator();
            if (!demos.hasNext()) {
                throw missing(lib, null);
            }
            Thread.currentThread().setContextClassLoader(loader);
            return demos.next().run(options());
        } catch (IOException e) {
            throw missing(lib, e);
        }
    }

    private DemoOptions options() {
        return new DemoOptions(
                environment().home(),
                keep,
                ui,
                Optional.ofNullable(folder).map(Path::toAbsolutePath),
                rows,
                environment().variables(),
                environment().out(),
                environment().err(),
                transvase);
    }

    private static TransvaseException missing(Path lib, IOException cause) {
        return TransvaseException.of(
                NO_DEMO,
                "this distribution has no demo in " + lib + "; unpack the archive again, or run one of the examples",
                cause);
    }

    private static URL[] jars(Path lib) throws IOException {
        List<URL> jars = new ArrayList<>();
        if (Files.isDirectory(lib)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(lib, "*.jar")) {
                for (Path file : files) {
                    jars.add(url(file));
                }
            }
        }
        return jars.toArray(URL[]::new);
    }

    private static URL url(Path file) throws MalformedURLException {
        return file.toUri().toURL();
    }
}
