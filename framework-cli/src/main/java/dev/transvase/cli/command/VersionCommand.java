package dev.transvase.cli.command;

import dev.transvase.cli.process.Environment;
import dev.transvase.cli.text.Version;
import picocli.CommandLine.Command;

/** {@code transvase version}: no log, no plugins, so that it answers at once. */
@Command(name = "version", description = "Print the version.")
public final class VersionCommand extends HelpfulCommand implements Runnable {

    private final Environment environment;

    public VersionCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        environment.out().println("transvase " + Version.current());
    }
}
