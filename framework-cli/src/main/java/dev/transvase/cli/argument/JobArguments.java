package dev.transvase.cli.argument;

import static dev.transvase.cli.process.CliErrors.INVALID_ADDRESS;

import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.HeadStart;
import dev.transvase.core.datasource.DataSourcesLookup;
import dev.transvase.core.job.JobFile;
import dev.transvase.core.job.JobSource;
import dev.transvase.core.job.VariableValues;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.plugin.PluginCatalog;
import dev.transvase.core.run.JobPlan;
import dev.transvase.core.run.JobPlanner;
import dev.transvase.core.run.JobSteps;
import dev.transvase.spi.error.TransvaseException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The job that a command is about. */
public final class JobArguments {

    /** The environment variable that makes all runs restricted ones, whatever its value but {@code false}. */
    private static final String RESTRICTED = "TRANSVASE_RESTRICTED";

    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://.*", Pattern.CASE_INSENSITIVE);
    private static final String STANDARD_INPUT = "-";

    @Parameters(
            index = "0",
            paramLabel = "JOB.json",
            description = "The job file: a path, an http(s) address, or - for standard input.")
    private String file;

    @Option(
            names = "-D",
            paramLabel = "NAME=VALUE",
            description = "Replaces $${NAME} in the job file; can be given several times.")
    private Map<String, String> variables = new LinkedHashMap<>();

    @Option(
            names = {"-p", "--params"},
            paramLabel = "OPTIONS",
            preprocessor = NextArgument.class,
            description = "More variables in one text, as in DataX: -p \"-Da=1 -Db='2 3'\".")
    private List<String> dataXVariables = new ArrayList<>();

    @Option(
            names = "--schedule-time",
            paramLabel = "TIME",
            description = "When the run is scheduled, for variables such as $$bizdate and $$[yyyymmdd-1], for example"
                    + " \"2026-01-31 00:30:00\"; otherwise now.")
    private String scheduleTime;

    @Option(
            names = "--schedule-zone",
            paramLabel = "ZONE",
            description = "The time zone of these variables, for example Asia/Shanghai; otherwise the system's.")
    private String scheduleZone;

    @Mixin
    private DataSourcesOption dataSources = new DataSourcesOption();

    @Option(
            names = "--restricted",
            description =
                    "For job files from others: only named data sources, no SQL, no files outside the job's folder;"
                            + " always on when $$TRANSVASE_RESTRICTED is set.")
    private boolean restricted;

    /** The job's name as far as it is known before the file is read. */
    public String name() {
        return JobSource.jobName(lastPart());
    }

    private String lastPart() {
        if (file.equals(STANDARD_INPUT)) {
            return "standard input";
        }
        if (!isWebAddress()) {
            return file.substring(file.lastIndexOf('/') + 1);
        }
        // Not the host, before which a password may stand.
        String path = file.replaceFirst("[?#].*", "").replaceFirst("(?i)^https?://[^/]*/?", "");
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.isEmpty() ? "job.json" : last;
    }

    private boolean isWebAddress() {
        return WEB_ADDRESS.matcher(file).matches();
    }

    /** The files that the job is read from, by what messages call them. */
    public Map<String, Path> files(Environment environment) {
        Map<String, Path> files = new LinkedHashMap<>();
        if (!file.equals(STANDARD_INPUT) && !isWebAddress()) {
            files.put("the job", Path.of(file));
        }
        files.put("the data sources file", dataSources.lookup(environment).file());
        return files;
    }

    /**
     * Reads the job and makes every check. Blocks on the systems outside.
     *
     * @param untilCurrent whether a change stream ends once what was committed before has been written
     * @param problems takes what is found, also when this fails
     * @param reported receives what keeps the checks waiting
     * @return the plan, which the caller closes
     */
    public JobPlan plan(
            Environment environment,
            PluginCatalog plugins,
            boolean untilCurrent,
            Problems problems,
            Consumer<String> reported) {
        JobFile job = read(plugins, problems);
        return planner(environment, plugins).plan(job, untilCurrent, problems, reported);
    }

    /** Reads the job and constructs its steps, which the caller closes; connects to nothing. */
    public JobSteps steps(Environment environment, PluginCatalog plugins, Problems problems) {
        JobFile job = read(plugins, problems);
        return planner(environment, plugins).construct(job, false, problems);
    }

    private JobFile read(PluginCatalog plugins, Problems problems) {
        VariableValues values = values();
        Optional<JobFile> job =
                source(problems).flatMap(source -> JobFile.read(source, values, plugins::exampleUrl, problems));
        if (job.isEmpty()) {
            problems.throwIfFailed();
        }
        return job.orElseThrow();
    }

    private Optional<JobSource> source(Problems problems) {
        if (file.equals(STANDARD_INPUT)) {
            return JobSource.stream(System.in, "standard input", problems);
        }
        return isWebAddress() ? JobSource.web(address(), problems) : JobSource.file(Path.of(file), problems);
    }

    /** @throws TransvaseException USER when it is none; it is not shown, since it may hold a secret */
    private URI address() {
        try {
            URI address = URI.create(file);
            if (address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Its message holds the whole address.
            throw TransvaseException.of(INVALID_ADDRESS, "expected the http(s) address of a job file, found another");
        }
        throw TransvaseException.of(INVALID_ADDRESS, "the address of the job file has no host");
    }

    private VariableValues values() {
        Map<String, String> given = new LinkedHashMap<>(DataXOptions.variables(dataXVariables));
        Set<String> spare = new HashSet<>(given.keySet());
        spare.removeAll(variables.keySet());
        given.putAll(variables);
        return new VariableValues(given, spare, ScheduleOptions.time(scheduleTime, scheduleZone));
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
    public static final class DataSourcesOption {

        @Option(
                names = "--datasources",
                paramLabel = "FILE",
                description =
                        "The data sources file; otherwise $$TRANSVASE_DATASOURCES, otherwise conf/datasources.json of"
                                + " the distribution.")
        private Path file;

        public DataSourcesLookup lookup(Environment environment) {
            return DataSourcesLookup.of(Optional.ofNullable(file), environment.variables(), environment.home());
        }
    }
}
