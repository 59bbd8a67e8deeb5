package dev.transvase.benchmarks;

import dev.transvase.core.datasource.DataSourcesLookup;
import dev.transvase.core.job.JobFile;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.plugin.PluginCatalog;
import dev.transvase.core.run.JobPlan;
import dev.transvase.core.run.JobPlanner;
import dev.transvase.core.step.StepFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Plans jobs as the command line does: from a job file, with plugins in class loaders of their own. */
final class Transvase implements AutoCloseable {

    private final PluginCatalog plugins;
    private final StepFactory steps = new StepFactory(Clock.systemUTC());
    private final DataSourcesLookup dataSources;
    private final Path jobFile;

    private Transvase(PluginCatalog plugins, DataSourcesLookup dataSources, Path jobFile) {
        this.plugins = plugins;
        this.dataSources = dataSources;
        this.jobFile = jobFile;
    }

    static Transvase on(MeasuredServer server) throws IOException {
        Path jobFile = Files.createTempFile(server.folder(), "job-", ".json");
        return new Transvase(
                PluginCatalog.load(BuildFolder.locate().resolve("plugin"), Transvase.class.getClassLoader()),
                new DataSourcesLookup(server.dataSourcesFile(), "the benchmarks"),
                jobFile);
    }

    /** The checked plan, which the caller closes. */
    JobPlan plan(CopyJob job) throws IOException {
        Files.writeString(jobFile, job.json());
        Problems problems = new Problems();
        Optional<JobFile> file = JobFile.read(jobFile, Map.of(), plugins::exampleUrl, problems);
        problems.throwIfFailed();
        return new JobPlanner(plugins, steps, dataSources, false).plan(file.orElseThrow(), problems);
    }

    @Override
    public void close() {
        plugins.close();
    }
}
