package dev.transvase.cli.command;

import dev.transvase.cli.argument.JobArguments;
import dev.transvase.cli.argument.OutputFiles;
import dev.transvase.cli.argument.StatementsFile;
import dev.transvase.cli.log.LogFile;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.ExitCode;
import dev.transvase.cli.text.PlanText;
import dev.transvase.core.parameter.InvalidJobException;
import dev.transvase.core.parameter.Problem;
import dev.transvase.core.parameter.Problems;
import dev.transvase.core.plugin.PluginCatalog;
import dev.transvase.core.run.JobPlan;
import dev.transvase.spi.error.Fix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code transvase check}. */
@Command(
        name = "check",
        description = "Run every check that a run makes before it moves data, and show the plan. Changes nothing.")
public final class CheckCommand extends LoggedCommand {

    private static final String FIX = "--fix";
    private static final String DDL = "--ddl";

    @Mixin
    private JobArguments job = new JobArguments();

    @Option(names = "--all", description = "Show each finding on its own line, even when there are many of one kind.")
    private boolean all;

    @Option(
            names = FIX,
            paramLabel = "FILE",
            description = "Write the statements that fix what was found to this file, for psql -f; none is run.")
    private Path fix;

    @Option(
            names = DDL,
            paramLabel = "FILE",
            description =
                    "Write the statements that create missing target tables to this file, for psql -f; none is run.")
    private Path ddl;

    public CheckCommand(Environment environment) {
        super(environment);
    }

    @Override
    boolean showsAll() {
        return all;
    }

    @Override
    protected int run(Console console, LogFile log) {
        List<StatementsFile> files = files(console);
        Problems problems = new Problems(console.masks());
        boolean complete = false;
        try {
            check(console, problems);
            complete = true;
        } catch (InvalidJobException e) {
            complete = true;
            throw e;
        } finally {
            console.warnings(problems.warnings());
            List<Problem> found = new ArrayList<>(problems.errors());
            found.addAll(problems.warnings().stream()
                    .filter(warning -> warning.fix().isPresent())
                    .toList());
            for (StatementsFile file : files) {
                console.lines(List.of(file.write(job.name(), found, complete)));
            }
        }
        environment().err().println("the job can run");
        return ExitCode.DONE;
    }

    private void check(Console console, Problems problems) {
        try (PluginCatalog plugins = Plugins.load(environment())) {
            try (JobPlan plan = job.plan(environment(), plugins, false, problems, console::warning)) {
                String reader =
                        plugins.reader(plan.job().reader().stepType()).type().name();
                new PlanText(plan, reader)
                        .lines().stream()
                                .map(console::shown)
                                .forEach(environment().out()::println);
            }
            problems.notes().forEach(note -> environment().out().println("note: " + console.shown(note)));
        }
    }

    /** Missing tables are made by the file that is for them, and by the other one when there is none. */
    private List<StatementsFile> files(Console console) {
        Map<String, Path> outputs = new LinkedHashMap<>();
        Optional.ofNullable(fix).ifPresent(file -> outputs.put(FIX, file));
        Optional.ofNullable(ddl).ifPresent(file -> outputs.put(DDL, file));
        OutputFiles.requireApart(outputs, job.files(environment()));
        List<StatementsFile> files = new ArrayList<>();
        if (fix != null) {
            files.add(StatementsFile.create(FIX, fix, f -> ddl == null || f.kind() == Fix.Kind.MEND, console::shown));
        }
        if (ddl != null) {
            files.add(StatementsFile.create(DDL, ddl, f -> f.kind() == Fix.Kind.CREATE, console::shown));
        }
        return files;
    }
}
