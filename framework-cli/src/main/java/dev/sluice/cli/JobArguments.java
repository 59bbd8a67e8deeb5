package dev.sluice.cli;

import dev.sluice.core.datasource.DataSourcesLookup;
import dev.sluice.core.job.JobFile;
import dev.sluice.core.parameter.Problems;
import dev.sluice.core.plugin.PluginCatalog;
import dev.sluice.core.run.JobPlan;
import dev.sluice.core.run.JobPlanner;
import dev.sluice.core.run.JobSteps;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The job that a command is about. */
final class JobArguments {

    /** The environment variable that makes all runs restricted ones, whatever its value but {@code false}. */
    private static final String RESTRICTED = "SLUICE_RESTRICTED";

    @Parameters(index = "0", paramLabel = "JOB.json", description = "The job file.")
    private Path file;

    @Option(
            names = "-D",
            paramLabel = "NAME=VALUE",
            description = "Replaces $${NAME} in the job file; can be given several times.")
    private Map<String, String> variables = new LinkedHashMap<>();

    @Mixin
    private DataSourcesOption dataSources = new DataSourcesOption();

    @Option(
            names = "--restricted",
            description =
                    "For job files of others: named data sources only, no SQL, no file outside of the job's folder;"
                            + " always so where $$SLUICE_RESTRICTED is set.")
    private boolean restricted;

    /** The job's name as far as it can be told before the file is read. */
    String name() {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
    }

    /** The files that the job is read from, by what messages call them. */
    Map<String, Path> files(Environment environment) {
        return Map.of(
                "the job",
                file,
                "the data sources file",
                dataSources.lookup(environment).file());
    }

    /**
     * Reads the job and makes every check. Blocks on the systems outside.
     *
     * @param untilCurrent whether a change stream ends once what was committed before has been written
     * @param problems takes what is found, also when this fails
     * @return the plan, which the caller closes
     */
    JobPlan plan(Environment environment, PluginCatalog plugins, boolean untilCurrent, Problems problems) {
        JobFile job = read(problems);
        return planner(environment, plugins).plan(job, untilCurrent, problems);
    }

    /** Reads the job and constructs its steps, which the caller closes; connects to nothing. */
    JobSteps steps(Environment environment, PluginCatalog plugins, Problems problems) {
        JobFile job = read(problems);
        return planner(environment, plugins).construct(job, false, problems);
    }

    private JobFile read(Problems problems) {
        Optional<JobFile> job = JobFile.read(file, variables, problems);
        if (job.isEmpty()) {
            problems.throwIfFailed();
        }
        return job.orElseThrow();
    }

    private JobPlanner planner(Environment environment, PluginCatalog plugins) {
        return new JobPlanner(plugins, HeadStart.steps(), dataSources.lookup(environment), restricted(environment));
    }

    /** A service sets the variable; what it forces no option takes back. */
    private boolean restricted(Environment environment) {
        String forced = environment.variables().getOrDefault(RESTRICTED, "").strip();
        return restricted || !(forced.isEmpty() || forced.equalsIgnoreCase("false"));
    }

    /** Where data sources are looked up. */
    static final class DataSourcesOption {

        @Option(
                names = "--datasources",
                paramLabel = "FILE",
                description =
                        "The data sources file; otherwise $$SLUICE_DATASOURCES, otherwise conf/datasources.json of"
                                + " the distribution.")
        private Path file;

        DataSourcesLookup lookup(Environment environment) {
            return DataSourcesLookup.of(Optional.ofNullable(file), environment.variables(), environment.home());
        }
    }
}
