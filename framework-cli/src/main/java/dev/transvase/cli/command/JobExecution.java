package dev.transvase.cli.command;

import static dev.transvase.cli.process.CliErrors.PROCESS_ENDED;

import dev.transvase.cli.argument.JobArguments;
import dev.transvase.cli.argument.OutputFiles;
import dev.transvase.cli.log.LogFile;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.ExitCode;
import dev.transvase.cli.process.Signals;
import dev.transvase.cli.process.StopGuard;
import dev.transvase.cli.progress.ProgressMode;
import dev.transvase.cli.progress.ProgressReporter;
import dev.transvase.cli.text.Summary;
import dev.transvase.cli.text.Version;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.plugin.PluginCatalog;
import dev.transvase.core.report.JobReport;
import dev.transvase.core.report.JobReport.Failure;
import dev.transvase.core.report.JobReport.Status;
import dev.transvase.core.report.NextStep;
import dev.transvase.core.report.ReportFile;
import dev.transvase.core.run.JobPlan;
import dev.transvase.core.run.JobRun;
import dev.transvase.core.run.RunOptions;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job from its file to its report, as {@code transvase run} does it. */
final class JobExecution implements Signals.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(JobExecution.class);

    /** How long a signal waits for the job to end: rolling back is quick, a server that is gone is not. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Environment environment;
    private final JobArguments job;
    private final boolean untilCurrent;
    private final Optional<ReportFile> reportFile;
    private final OutputFiles outputs;
    private final ProgressMode mode;
    private final Console console;
    private final LogFile log;
    private final StopGuard guard = new StopGuard();
    private final Instant startedAt = Instant.now();
    private final long startNanos = System.nanoTime();

    /** Set before a signal can stop it. */
    private volatile JobRun running;

    /** Whether the job ends only when it is asked to. */
    private volatile boolean unbounded;

    /** Whether the process ends before the job has; nothing more is to be reported then. */
    private boolean cutOff;

    /** Of a job that has ended. */
    private volatile int exitCode = ExitCode.INTERRUPTED;

    JobExecution(
            Environment environment,
            JobArguments job,
            boolean untilCurrent,
            Optional<ReportFile> reportFile,
            OutputFiles outputs,
            ProgressMode mode,
            Console console,
            LogFile log) {
        this.environment = environment;
        this.job = job;
        this.untilCurrent = untilCurrent;
        this.reportFile = reportFile;
        this.outputs = outputs;
        this.mode = mode;
        this.console = console;
        this.log = log;
    }

    /**
     * Runs the job, ended early by a signal.
     *
     * @return the exit code; after a signal to the process the JVM ends with the signal's, whatever this says
     */
    int run() {
        Runnable listening = environment.signals().listen(this);
        try {
            LOG.info("job {} starts, Transvase {}", job.name(), Version.current());
            return planAndRun();
        } catch (RuntimeException | Error e) {
            return notRun(e);
        } finally {
            guard.over();
            listening.run();
        }
    }

    private int planAndRun() {
        try (PluginCatalog plugins = Plugins.load(environment)) {
            Problems problems = new Problems(console.masks());
            JobPlan plan;
            try {
                plan = job.plan(environment, plugins, untilCurrent, problems, console::warning);
            } finally {
                console.warnings(problems.warnings());
            }
            try {
                return run(plan);
            } finally {
                close(plan);
            }
        }
    }

    private int run(JobPlan plan) {
        outputs.requireApart(plan, job.files(environment));
        unbounded = plan.unbounded();
        JobRun run = new JobRun(plan, RunOptions.defaults().withDirtyFile(outputs.dirty()));
        running = run;
        if (!guard.begin(run::stop)) {
            return ExitCode.INTERRUPTED;
        }
        JobReport report;
        try (ProgressReporter progress =
                ProgressReporter.start(environment, mode, () -> run.progress().reported(console.masks()::apply))) {
            plan.notices().tell(warning -> progress.beside(() -> console.warning(warning)));
            report = run.run();
        }
        return guard.tell() ? tell(report) : ExitCode.INTERRUPTED;
    }

    /** What has been committed stays so, and the report is written: a failure now is reported, and does not undo them. */
    private void close(JobPlan plan) {
        try {
            plan.close();
        } catch (TransvaseException e) {
            LOG.warn("closing the job's steps failed", e);
            console.warning("closing the job's steps failed: " + e.getMessage());
        }
    }

    /** The job failed before it was run, or could not be reported. */
    private int notRun(Throwable cause) {
        // Where this thread was to tell already, telling itself has failed, for want of memory perhaps.
        if (!guard.tell() && (guard.stopped() || isCutOff())) {
            return ExitCode.INTERRUPTED;
        }
        int code = LoggedCommand.failed(cause, console, log);
        JobReport report = JobReport.notRun(job.name(), startedAt, elapsedMillis(), ExitCode.failure(cause));
        NextStep.after(report).ifPresent(next -> console.lines(List.of("next: " + next)));
        int written = write(report);
        return code == ExitCode.DONE ? written : code;
    }

    /**
     * On the signal's thread.
     *
     * @return the exit code for the process, if it is not the signal's own
     */
    @Override
    public OptionalInt signalled() {
        environment.err().println("stopping ...");
        try {
            if (!guard.stop(this::tellUnbegun, PATIENCE)) {
                LOG.warn("the job has not ended within {} of the signal", PATIENCE);
                console.warning("the job has not ended " + PATIENCE.toSeconds() + " s after the signal and is"
                        + " abandoned; a statement that the server is running may still complete there");
                if (running != null && guard.tell()) {
                    tell(running.stopping());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the JVM ends anyway
        } finally {
            environment.out().flush();
            environment.err().flush();
        }
        if (!unbounded || exitCode != ExitCode.DONE) {
            return OptionalInt.empty();
        }
        // Such a job ends when it is asked to; the JVM would say 130 or 143 of it.
        log.close();
        return OptionalInt.of(ExitCode.DONE);
    }

    /** A report of success that has been written already is replaced. */
    @Override
    public void cutOff(String by) {
        guard.tell(); // whoever else would tell does not from here on
        Failure failure = new Failure(PROCESS_ENDED.name(), ErrorType.INTERNAL, by);
        JobRun run = running;
        JobReport report =
                run == null ? JobReport.notRun(job.name(), startedAt, elapsedMillis(), failure) : run.cutOff(failure);
        try {
            writeLast(report);
        } catch (TransvaseException e) {
            console.failure(e, log.path());
        }
        console.lines(new Summary(report).lines());
        console.failure(failure, log.path());
    }

    private void tellUnbegun() {
        tell(new JobReport(
                job.name(),
                Status.STOPPED,
                startedAt,
                elapsedMillis(),
                0,
                0,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of()));
    }

    private int tell(JobReport report) {
        LOG.info(
                "job {} {}: {} records read, {} written, {} dirty",
                report.job(),
                report.status(),
                report.read().records(),
                report.written().records(),
                report.dirty());
        console.lines(new Summary(report).lines());
        report.error().ifPresent(failure -> console.failure(failure, log.path()));
        if (report.dirty() > 0 && outputs.dirty().isEmpty()) {
            log.path()
                    .ifPresent(file -> console.warning(
                            "there are dirty records; the first ones are in " + file + ", --dirty FILE keeps all"));
        }
        NextStep.after(report).ifPresent(next -> console.lines(List.of("next: " + next)));
        int written = write(report);
        int code = report.status() == Status.STOPPED && unbounded ? ExitCode.DONE : ExitCode.of(report);
        exitCode = code == ExitCode.DONE ? written : code;
        return exitCode;
    }

    private synchronized boolean isCutOff() {
        return cutOff;
    }

    private synchronized void writeLast(JobReport report) {
        cutOff = true;
        reportFile.ifPresent(file -> file.write(report.reported(console.masks()::apply)));
    }

    private synchronized int write(JobReport report) {
        try {
            if (!cutOff) {
                reportFile.ifPresent(file -> file.write(report.reported(console.masks()::apply)));
            }
            return ExitCode.DONE;
        } catch (TransvaseException e) {
            return LoggedCommand.failed(e, console, log);
        }
    }

    private long elapsedMillis() {
        return Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
    }
}
