package dev.transvase.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** {@code transvase cdc} without a subcommand. */
@Command(name = "cdc", description = "Show or remove what a change stream keeps at its source: slot and publication.")
public final class CdcCommand extends HelpfulCommand implements Runnable {

    @Override
    public void run() {
        throw new ParameterException(commandLine(), "status or drop is missing");
    }
}
