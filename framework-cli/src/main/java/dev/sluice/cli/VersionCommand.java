package dev.sluice.cli;

import picocli.CommandLine.Command;

/** {@code sluice version}: no log, no plugins, so that it answers at once. */
@Command(name = "version", description = "Print the version.")
final class VersionCommand extends HelpfulCommand implements Runnable {

    private final Environment environment;

    VersionCommand(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        environment.out().println("sluice " + Version.current());
    }
}
