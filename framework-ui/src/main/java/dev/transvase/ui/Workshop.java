package dev.transvase.ui;

import dev.transvase.cli.ui.UiOptions;
import dev.transvase.ui.api.ErrorsApi;
import dev.transvase.ui.api.FullApi;
import dev.transvase.ui.api.JobsApi;
import dev.transvase.ui.api.RunsApi;
import dev.transvase.ui.api.SourcesApi;
import dev.transvase.ui.api.StreamsApi;
import dev.transvase.ui.http.Api;
import dev.transvase.ui.http.Refusal;
import dev.transvase.ui.job.JobFolder;
import dev.transvase.ui.plan.JobChecks;
import dev.transvase.ui.plan.Plugins;
import dev.transvase.ui.plan.StepTypes;
import dev.transvase.ui.run.RunWatch;
import dev.transvase.ui.run.Runs;
import dev.transvase.ui.source.DataSources;
import dev.transvase.ui.source.Looks;
import dev.transvase.ui.source.Tables;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that requests work with.
 *
 * @param plugins to close at the end
 * @param watch to close at the end
 * @param api what answers
 */
record Workshop(Plugins plugins, RunWatch watch, Api api) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);

    static Workshop of(UiOptions options) {
        Clock clock = Clock.systemUTC();
        Plugins plugins = Plugins.load(options.home(), options.dataSources(), restricted(options));
        StepTypes types = new StepTypes(plugins);
        DataSources sources = new DataSources(options.dataSources(), types);
        Looks looks = new Looks(plugins);
        JobFolder jobs = new JobFolder(options.folder(), sources.file());
        JobChecks checks = new JobChecks(plugins, options.folder());
        Runs runs = new Runs(jobs, command(options), options.keepRuns(), clock);
        forgetOld(runs);
        RunWatch watch = new RunWatch(runs);
        Api api = FullApi.of(
                new SourcesApi(sources, looks, new Tables(looks, clock), types),
                new JobsApi(jobs, runs, checks, types),
                new RunsApi(runs, watch, sources),
                new StreamsApi(jobs, checks, runs),
                new ErrorsApi(options.home()),
                Optional.ofNullable(Workshop.class.getPackage().getImplementationVersion())
                        .orElse("unknown"));
        return new Workshop(plugins, watch, api);
    }

    /** As for {@code transvase run}, which finds the same variable. */
    private static boolean restricted(UiOptions options) {
        String forced =
                options.variables().getOrDefault("TRANSVASE_RESTRICTED", "").strip();
        return !(forced.isEmpty() || forced.equalsIgnoreCase("false"));
    }

    /** What starts Transvase. */
    private static List<String> command(UiOptions options) {
        return List.of(options.home().resolve("bin").resolve("transvase").toString());
    }

    private static void forgetOld(Runs runs) {
        try {
            runs.forgetOld();
        } catch (Refusal e) {
            LOG.warn("old runs are kept: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        watch.close();
        plugins.close();
    }
}
