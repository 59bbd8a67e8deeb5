package dev.transvase.distribution.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.transvase.core.datasource.DataSourcesLookup;
import dev.transvase.core.job.JobFile;
import dev.transvase.core.parameter.InvalidJobException;
import dev.transvase.core.parameter.Problem;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.plugin.PluginCatalog;
import dev.transvase.core.report.JobReport;
import dev.transvase.core.run.JobPlan;
import dev.transvase.core.run.JobPlanner;
import dev.transvase.core.run.JobRun;
import dev.transvase.core.run.RunOptions;
import dev.transvase.core.step.StepFactory;
import dev.transvase.distribution.TestingDistribution;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Runs whole jobs in this JVM, with the plugins as the archive has them: what {@code bin/transvase run} does, without a
 * process for each. Not for use by several threads at once.
 */
public final class TestingJobs {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final ObjectNode dataSources = JSON.createObjectNode();

    /** @param folder for the files of the jobs */
    public TestingJobs(Path folder) {
        this.folder = folder;
    }

    /** The archive's plugins, loaded once for all tests of this JVM, which they end with. */
    private static final class Plugins {

        static final Path HOME = unpack();
        static final PluginCatalog CATALOG =
                PluginCatalog.load(HOME.resolve("plugin"), TestingJobs.class.getClassLoader());

        private static Path unpack() {
            try {
                Path folder = Files.createTempDirectory("transvase-jobs");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
                return TestingDistribution.unpack(folder).home();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private static void delete(Path folder) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The archive's examples. */
    static Path examples() {
        return Plugins.HOME.resolve("examples");
    }

    /** The archive's plugins. */
    static PluginCatalog plugins() {
        return Plugins.CATALOG;
    }

    /**
     * How a job ended.
     *
     * @param report as {@code --report} has it
     * @param errors what kept it from running; empty when it ran
     * @param warnings told before it ran
     * @param dirty what {@code --dirty} has, a line each
     */
    public record Ended(JobReport report, List<Problem> errors, List<Problem> warnings, List<JsonNode> dirty) {

        public boolean succeeded() {
            return report.status() == JobReport.Status.SUCCEEDED;
        }

        /** The code of the error that ended it; empty when it succeeded. */
        public String errorCode() {
            return report.error().map(JobReport.Failure::code).orElse("");
        }

        /** The message of the error that ended it; empty when it succeeded. */
        public String errorMessage() {
            return report.error().map(JobReport.Failure::message).orElse("");
        }
    }

    /** Names a database that jobs can refer to, as its superuser. */
    public TestingJobs dataSource(String name, TestingDatabase database) {
        return dataSource(name, database, entry -> {});
    }

    /** Names a database that jobs can refer to, with changes to its entry in the data sources file. */
    public TestingJobs dataSource(String name, TestingDatabase database, Consumer<ObjectNode> change) {
        ObjectNode entry = dataSources
                .putObject(name)
                .put("type", "postgresql")
                .put("host", database.host())
                .put("port", database.port())
                .put("database", database.name())
                .put("username", database.user())
                .put("password", database.password());
        change.accept(entry);
        return this;
    }

    /** A job of DataWorks' shape between two PostgreSQL steps. Each parameter is a JSON object, as text. */
    public static String postgresJob(String reader, String writer, String setting) {
        return job("postgresql", reader, "postgresql", writer, setting);
    }

    /** A job of DataWorks' shape. */
    static String job(String readerType, String reader, String writerType, String writer, String setting) {
        return """
                {"type": "job", "version": "2.0",
                 "steps": [
                   {"stepType": "%s", "name": "Reader", "category": "reader", "parameter": %s},
                   {"stepType": "%s", "name": "Writer", "category": "writer", "parameter": %s}],
                 "setting": %s,
                 "order": {"hops": [{"from": "Reader", "to": "Writer"}]}}
                """.formatted(readerType, reader, writerType, writer, setting);
    }

    /** Runs a job to its end. */
    public Ended run(String job) {
        return run(job, Map.of());
    }

    /** Runs a job to its end, with values for its variables. */
    Ended run(String job, Map<String, String> variables) {
        return run(job, variables, running -> {});
    }

    /**
     * Runs a job to its end.
     *
     * @param started is given the job before it runs, for example to stop it from another thread
     */
    Ended run(String job, Map<String, String> variables, Consumer<JobRun> started) {
        return run(job, variables, false, started);
    }

    /** Starts a job on a thread of its own, for example one that has no end. */
    Running start(String job) {
        return new Running(job);
    }

    /** A job that was started. Closing stops it. */
    final class Running implements AutoCloseable {

        private final CompletableFuture<JobRun> run = new CompletableFuture<>();
        private final CompletableFuture<Ended> ended;

        private Running(String job) {
            ended = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return TestingJobs.this.run(job, Map.of(), run::complete);
                        } finally {
                            run.completeExceptionally(new IllegalStateException("the job could not be run"));
                        }
                    },
                    task -> new Thread(task, "job").start());
        }

        /** What it does. Blocks until it does. */
        JobRun run() {
            requireRunning();
            return run.join();
        }

        /** Fails when it has ended. Never blocks. */
        void requireRunning() {
            if (ended.isDone()) {
                throw new AssertionError("the job has ended: " + ended.join());
            }
        }

        /** Tells it to end, and blocks until it has. */
        Ended stop() {
            if (!run.isCompletedExceptionally()) {
                run.join().stop();
            }
            return ended.join();
        }

        @Override
        public void close() {
            stop();
        }
    }

    /** Follows a change stream up to what was committed at its source before. */
    Ended runUntilCurrent(String job) {
        return run(job, Map.of(), true, running -> {});
    }

    private Ended run(String job, Map<String, String> variables, boolean untilCurrent, Consumer<JobRun> started) {
        Problems problems = new Problems();
        Path dirtyFile = folder.resolve("dirty.jsonl");
        try (JobPlan plan = plan(job, variables, untilCurrent, problems)) {
            Files.deleteIfExists(dirtyFile);
            JobRun run = new JobRun(plan, RunOptions.defaults().withDirtyFile(Optional.of(dirtyFile)));
            started.accept(run);
            return new Ended(run.run(), List.of(), problems.warnings(), dirtyRecords(dirtyFile));
        } catch (InvalidJobException e) {
            return notRun(e, e.problems(), problems);
        } catch (TransvaseException e) {
            return notRun(e, List.of(), problems);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes every check and plans the job, as {@code transvase check} does. The caller closes the plan. */
    JobPlan plan(String job, Map<String, String> variables, Problems problems) {
        return plan(job, variables, false, problems);
    }

    /** Writes the job's files, {@code job.json} and {@code datasources.json}, for a process to run. */
    void write(String job) {
        try {
            JSON.writeValue(sources().toFile(), JSON.createObjectNode().set("datasources", dataSources));
            Files.writeString(jobFile(), job);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path sources() {
        return folder.resolve("datasources.json");
    }

    private Path jobFile() {
        return folder.resolve("job.json");
    }

    private JobPlan plan(String job, Map<String, String> variables, boolean untilCurrent, Problems problems) {
        write(job);
        Optional<JobFile> read = JobFile.read(jobFile(), variables, Plugins.CATALOG::exampleUrl, problems);
        if (read.isEmpty()) {
            problems.throwIfFailed();
        }
        return new JobPlanner(
                        Plugins.CATALOG,
                        new StepFactory(Clock.systemUTC()),
                        new DataSourcesLookup(sources(), "the test"),
                        false)
                .plan(read.orElseThrow(), untilCurrent, problems);
    }

    private static Ended notRun(RuntimeException cause, List<Problem> errors, Problems problems) {
        JobReport report = JobReport.notRun("job", Instant.now(), 0, JobReport.Failure.of(cause));
        return new Ended(report, errors, problems.warnings(), List.of());
    }

    private static List<JsonNode> dirtyRecords(Path file) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                records.add(JSON.readTree(line));
            }
        }
        return records;
    }
}
