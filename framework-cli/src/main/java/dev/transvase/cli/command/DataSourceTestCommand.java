package dev.transvase.cli.command;

import dev.transvase.cli.argument.JobArguments;
import dev.transvase.cli.log.LogFile;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.ExitCode;
import dev.transvase.cli.process.HeadStart;
import dev.transvase.core.datasource.DataSourceSpec;
import dev.transvase.core.datasource.DataSourcesFile;
import dev.transvase.core.datasource.DataSourcesLookup;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.plugin.PluginCatalog;
import dev.transvase.core.plugin.PluginCatalog.Offer;
import dev.transvase.spi.DataSourceType;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code transvase datasource test}. */
@Command(name = "test", description = "Connect to a data source and show which server answers.")
public final class DataSourceTestCommand extends LoggedCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "The data source's name.")
    private String name;

    @Mixin
    private JobArguments.DataSourcesOption dataSources = new JobArguments.DataSourcesOption();

    public DataSourceTestCommand(Environment environment) {
        super(environment);
    }

    @Override
    protected int run(Console console, LogFile log) {
        DataSourcesLookup lookup = dataSources.lookup(environment());
        Problems problems = new Problems(console.masks());
        Optional<DataSourcesFile> file = lookup.read(problems);
        problems.throwIfFailed();
        Optional<DataSourceSpec> spec =
                file.orElseThrow().find(name, lookup.file().getFileName().toString(), problems);
        problems.throwIfFailed();
        try (PluginCatalog plugins = Plugins.load(environment())) {
            Offer<DataSourceType> type = plugins.dataSource(spec.orElseThrow().type());
            Optional<? extends Record> bound =
                    spec.orElseThrow().bind(type.type().parameters(), problems);
            console.warnings(problems.warnings());
            problems.throwIfFailed();
            String answer =
                    HeadStart.steps().dataSourceTest(type, bound.orElseThrow()).connect();
            environment().out().println(console.shown(name + ": " + answer));
        }
        return ExitCode.DONE;
    }
}
