package dev.transvase.cli;

import dev.transvase.core.parameter.Problems;
import dev.transvase.core.plugin.PluginCatalog;
import dev.transvase.core.run.JobPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code transvase check}. */
@Command(
        name = "check",
        description = "Make every check that a run makes before it moves data, and show the plan. Changes nothing.")
final class CheckCommand extends LoggedCommand {

    @Mixin
    private JobArguments job = new JobArguments();

    CheckCommand(Environment environment) {
        super(environment);
    }

    @Override
    int run(Console console, LogFile log) {
        Problems problems = new Problems(console.masks());
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
        } finally {
            console.warnings(problems.warnings());
        }
        environment().err().println("the job can run");
        return ExitCode.DONE;
    }
}
