package dev.transvase.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** {@code transvase datasource} without a subcommand. */
@Command(name = "datasource", description = "List the data sources, or test one.")
public final class DataSourceCommand extends HelpfulCommand implements Runnable {

    @Override
    public void run() {
        throw new ParameterException(commandLine(), "list or test is missing");
    }
}
