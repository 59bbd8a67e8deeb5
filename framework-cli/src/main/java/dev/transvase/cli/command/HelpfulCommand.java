package dev.transvase.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that can be asked for help. Without it and without a subcommand it is misused. */
public abstract class HelpfulCommand {

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli needs somewhere to put it; it answers by itself
    private boolean help;

    /** The parsed command, for errors and for help. */
    protected final CommandLine commandLine() {
        return spec.commandLine();
    }
}
