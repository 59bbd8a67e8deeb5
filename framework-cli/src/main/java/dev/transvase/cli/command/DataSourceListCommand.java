package dev.transvase.cli.command;

import dev.transvase.cli.argument.JobArguments;
import dev.transvase.cli.log.LogFile;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.ExitCode;
import dev.transvase.cli.text.TextTable;
import dev.transvase.core.datasource.DataSourceSpec;
import dev.transvase.core.datasource.DataSourcesFile;
import dev.transvase.core.datasource.DataSourcesLookup;
import dev.transvase.core.parameter.Problems;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code transvase datasource list}. */
@Command(name = "list", description = "List the data sources of the data sources file.")
public final class DataSourceListCommand extends LoggedCommand {

    @Mixin
    private JobArguments.DataSourcesOption dataSources = new JobArguments.DataSourcesOption();

    public DataSourceListCommand(Environment environment) {
        super(environment);
    }

    @Override
    protected int run(Console console, LogFile log) {
        DataSourcesLookup lookup = dataSources.lookup(environment());
        Problems problems = new Problems(console.masks());
        Optional<DataSourcesFile> file = lookup.read(problems);
        console.warnings(problems.warnings());
        problems.throwIfFailed();
        environment().err().println("from " + console.shown(lookup.file() + " (" + lookup.origin() + ")"));
        TextTable table = new TextTable("", "NAME", "TYPE");
        for (String name : file.orElseThrow().names()) {
            table.row(
                    name,
                    file.orElseThrow().find(name).map(DataSourceSpec::type).orElseThrow());
        }
        table.lines().forEach(environment().out()::println);
        return ExitCode.DONE;
    }
}
