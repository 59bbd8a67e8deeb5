package dev.transvase.cli.ui;

import static dev.transvase.cli.process.CliErrors.NO_UI;

import dev.transvase.cli.argument.JobArguments;
import dev.transvase.cli.command.Console;
import dev.transvase.cli.command.LoggedCommand;
import dev.transvase.cli.log.LogFile;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.ExitCode;
import dev.transvase.cli.process.JarFolder;
import dev.transvase.spi.error.TransvaseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code transvase ui}: finds the UI, which has jars of its own because nothing else needs them, and serves it until it is asked to end. */
@Command(name = "ui", description = "Serve the codeless UI and its REST API, for the browser on this machine.")
public final class UiCommand extends LoggedCommand {

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Holds the jobs (*.json), and runs/ (the current folder).")
    private Path folder;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8017",
            description = "The port to listen at (${DEFAULT-VALUE}); 0 for any that is free.")
    private int port;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description = "The address to listen at; otherwise loopback. Another one needs --password-file.")
    private String listen;

    @Option(
            names = "--host-name",
            paramLabel = "NAME",
            description = "A name that others call this server by, such as that of a proxy before it.")
    private String hostName;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Holds the password as --make-password prints it; takes the place of the token.")
    private Path passwordFile;

    @Option(
            names = "--make-password",
            description = "Read a password, print its line for --password-file, and serve nothing.")
    private boolean makePassword;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "Serve by TLS: the certificate and its chain, PEM.")
    private Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "The certificate's private key, PEM.")
    private Path key;

    @Option(names = "--no-open", description = "Open no browser.")
    private boolean noOpen;

    @Option(
            names = "--keep-runs",
            paramLabel = "N",
            defaultValue = "500",
            description = "How many runs are kept in runs/ (${DEFAULT-VALUE}); the oldest are deleted.")
    private int keepRuns;

    @Mixin
    private JobArguments.DataSourcesOption dataSources = new JobArguments.DataSourcesOption();

    public UiCommand(Environment environment) {
        super(environment);
    }

    @Override
    protected int run(Console console, LogFile log) {
        Path lib = environment().home().resolve("ui").resolve("lib");
        try (URLClassLoader loader = JarFolder.loader("ui", lib)) {
            Iterator<Ui> found = ServiceLoader.load(Ui.class, loader).iterator();
            if (!found.hasNext()) {
                throw missing(lib, null);
            }
            Thread.currentThread().setContextClassLoader(loader);
            Ui ui = found.next();
            if (makePassword) {
                environment().out().println(ui.passwordLine(password()));
            } else {
                serve(ui);
            }
        } catch (IOException e) {
            throw missing(lib, e);
        }
        return ExitCode.DONE;
    }

    private void serve(Ui ui) {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Runnable listening = environment().signals().listen(() -> {
            asked.countDown();
            await(ended);
            return OptionalInt.of(ExitCode.DONE);
        });
        try (Ui.Served served = ui.serve(options())) {
            environment().out().flush();
            await(asked);
        } finally {
            ended.countDown();
            listening.run();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // ends serving, as the signal does
        }
    }

    private UiOptions options() {
        return new UiOptions(
                environment().home(),
                folder.toAbsolutePath().normalize(),
                dataSources.lookup(environment()),
                keepRuns,
                !noOpen,
                new UiOptions.Access(
                        port,
                        Optional.ofNullable(listen),
                        Optional.ofNullable(hostName),
                        Optional.ofNullable(passwordFile),
                        Optional.ofNullable(certificate),
                        Optional.ofNullable(key)),
                environment().variables(),
                environment().out(),
                environment().err());
    }

    /** Without an echo on a terminal, else the first line of standard input. */
    @SuppressWarnings("SystemConsoleNull") // one that is there without a terminal reads standard input, too
    private static char[] password() throws IOException {
        if (System.console() != null) {
            char[] typed = System.console().readPassword("Password: ");
            return typed == null ? new char[0] : typed;
        }
        String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        return line == null ? new char[0] : line.toCharArray();
    }

    private static TransvaseException missing(Path lib, IOException cause) {
        return TransvaseException.of(
                NO_UI, "this distribution has no UI in " + lib + "; unpack the archive again", cause);
    }
}
