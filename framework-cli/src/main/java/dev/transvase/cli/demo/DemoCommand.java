package dev.transvase.cli.demo;

import static dev.transvase.cli.process.CliErrors.NO_DEMO;

import dev.transvase.cli.command.Console;
import dev.transvase.cli.command.LoggedCommand;
import dev.transvase.cli.log.LogFile;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.JarFolder;
import dev.transvase.cli.process.Shell;
import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Iterator;
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
        try (URLClassLoader loader = JarFolder.loader("demo", lib)) {
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
}
