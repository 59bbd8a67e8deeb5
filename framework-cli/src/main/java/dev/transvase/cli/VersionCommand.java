package dev.transvase.cli;

import picocli.CommandLine.Command;

/** {@code transvase version}: no log, no plugins, so that it answers at once. */
@Command(name = "version", description = "Print the version.")
final class VersionCommand extends HelpfulCommand implements Runnable {

    private final Environment environment;

    VersionCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        environment.out().println("transvase " + Version.current());
    }
}
