package dev.transvase.cli.command;

import static dev.transvase.cli.process.CliErrors.NO_CHANGE_STREAM;

import dev.transvase.cli.argument.JobArguments;
import dev.transvase.cli.log.LogFile;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.ExitCode;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.plugin.PluginCatalog;
import dev.transvase.core.run.JobSteps;
import dev.transvase.spi.ChangeCapture;
import dev.transvase.spi.Writer;
import dev.transvase.spi.error.TransvaseException;
import picocli.CommandLine.Mixin;

/** A command about what a job's reader keeps at its source. */
abstract class ChangeCaptureCommand extends LoggedCommand {

    @Mixin
    private JobArguments job = new JobArguments();

    ChangeCaptureCommand(Environment environment) {
        super(environment);
    }

    /** Does the command's work; closes nothing. */
    abstract void run(ChangeCapture capture, Writer writer, Console console);

    @Override
    protected final int run(Console console, LogFile log) {
        Problems problems = new Problems(console.masks());
        try (PluginCatalog plugins = Plugins.load(environment());
                JobSteps steps = job.steps(environment(), plugins, problems)) {
            steps.notices().tell(console::warning);
            run(capture(steps), steps.writer(), console);
        } finally {
            console.warnings(problems.warnings());
        }
        return ExitCode.DONE;
    }

    private static ChangeCapture capture(JobSteps steps) {
        return steps.reader()
                .changeCapture()
                .orElseThrow(() -> TransvaseException.of(
                        NO_CHANGE_STREAM,
                        "the job's reader does not follow changes, so it keeps nothing at its source; a reader such as"
                                + " postgresql-cdc does"));
    }
}
