package dev.transvase.cli.command;

import dev.transvase.cli.argument.JobArguments;
import dev.transvase.cli.argument.OutputFiles;
import dev.transvase.cli.log.LogFile;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.progress.ProgressMode;
import dev.transvase.core.report.ReportFile;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code transvase run}. */
@Command(name = "run", description = "Run a job until it ends.")
public final class RunCommand extends LoggedCommand {

    @Mixin
    private JobArguments job = new JobArguments();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write the report as JSON to this file, even when the job fails.")
    private Path report;

    @Option(
            names = "--dirty",
            paramLabel = "FILE",
            description = "Write the dirty records to this file, one JSON" + " object per line.")
    private Path dirty;

    @Option(
            names = "--progress",
            paramLabel = "auto|plain|none|json",
            defaultValue = "auto",
            description = "auto: a live line on a terminal, otherwise a plain line every few seconds. json: one"
                    + " object per second, each on its own line on standard error.")
    private ProgressMode.Choice progress;

    @Option(
            names = "--until-current",
            description =
                    "End a change stream once everything committed at the source before the start is durable at the"
                            + " target.")
    private boolean untilCurrent;

    public RunCommand(Environment environment) {
        super(environment);
    }

    @Override
    protected int run(Console console, LogFile log) {
        OutputFiles outputs = new OutputFiles(Optional.ofNullable(report), Optional.ofNullable(dirty));
        outputs.requireApart(job.files(environment()));
        Optional<ReportFile> reportFile = outputs.report().map(ReportFile::prepare);
        ProgressMode mode = progress.on(environment().terminal(), verbose());
        return new JobExecution(environment(), job, untilCurrent, reportFile, outputs, mode, console, log).run();
    }
}
