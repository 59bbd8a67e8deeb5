package dev.sluice.benchmarks;

import dev.sluice.core.datasource.DataSourcesLookup;
import dev.sluice.core.job.JobFile;
import dev.sluice.core.parameter.Problems;
import dev.sluice.core.plugin.PluginCatalog;
import dev.sluice.core.run.JobPlan;
import dev.sluice.core.run.JobPlanner;
import dev.sluice.core.step.StepFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Plans jobs as the command line does: from a job file, with plugins in class loaders of their own. */
final class Sluice implements AutoCloseable {

    private final PluginCatalog plugins;
    private final StepFactory steps = new StepFactory(Clock.systemUTC());
    private final DataSourcesLookup dataSources;
    private final Path jobFile;

    private Sluice(PluginCatalog plugins, DataSourcesLookup dataSources, Path jobFile) {
        this.plugins = plugins;
        this.dataSources = dataSources;
        this.jobFile = jobFile;
    }

    static Sluice on(MeasuredServer server) throws IOException {
        Path jobFile = Files.createTempFile(server.folder(), "job-", ".json");
        return new Sluice(
                PluginCatalog.load(BuildFolder.locate().resolve("plugin"), Sluice.class.getClassLoader()),
                new DataSourcesLookup(server.dataSourcesFile(), "the benchmarks"),
                jobFile);
    }

    /** The checked plan, which the caller closes. */
    JobPlan plan(CopyJob job) throws IOException {
        Files.writeString(jobFile, job.json());
        Problems problems = new Problems();
        Optional<JobFile> file = JobFile.read(jobFile, Map.of(), problems);
        problems.throwIfFailed();
        return new JobPlanner(plugins, steps, dataSources).plan(file.orElseThrow(), problems);
    }

    @Override
    public void close() {
        plugins.close();
    }
}
