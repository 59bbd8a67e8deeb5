package dev.transvase.cli;

import dev.transvase.cli.command.BackgroundCommand;
import dev.transvase.cli.command.CdcCommand;
import dev.transvase.cli.command.CdcDropCommand;
import dev.transvase.cli.command.CdcStatusCommand;
import dev.transvase.cli.command.CheckCommand;
import dev.transvase.cli.command.DataSourceCommand;
import dev.transvase.cli.command.DataSourceListCommand;
import dev.transvase.cli.command.DataSourceTestCommand;
import dev.transvase.cli.command.DescribeCommand;
import dev.transvase.cli.command.HelpfulCommand;
import dev.transvase.cli.command.PluginsCommand;
import dev.transvase.cli.command.RunCommand;
import dev.transvase.cli.command.VersionCommand;
import dev.transvase.cli.demo.DemoCommand;
import dev.transvase.cli.process.Environment;
import dev.transvase.cli.process.ExitCode;
import dev.transvase.cli.process.Shell;
import dev.transvase.cli.text.Printable;
import dev.transvase.cli.ui.UiCommand;
import dev.transvase.spi.error.Spelling;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a whole. May be run more than once in a process, one run after the other. */
public final class Transvase {

    private static final int WIDEST_HELP = 110;

    private final Environment environment;

    Transvase(Environment environment) {
        this.environment = environment;
    }

    /**
     * Runs a command to its end. The process goes on afterwards.
     *
     * @return the exit code
     */
    int run(String... arguments) {
        return new CommandLine(new Root())
                .addSubcommand(new RunCommand(environment))
                .addSubcommand(new CheckCommand(environment))
                .addSubcommand(new CommandLine(new DataSourceCommand())
                        .addSubcommand(new DataSourceListCommand(environment))
                        .addSubcommand(new DataSourceTestCommand(environment)))
                .addSubcommand(new CommandLine(new CdcCommand())
                        .addSubcommand(new CdcStatusCommand(environment))
                        .addSubcommand(new CdcDropCommand(environment)))
                .addSubcommand(new PluginsCommand(environment))
                .addSubcommand(new DescribeCommand(environment))
                .addSubcommand(new UiCommand(environment))
                .addSubcommand(new DemoCommand(environment, new Typed()))
                .addSubcommand(new VersionCommand(environment))
                .addSubcommand(new CommandLine.HelpCommand())
                .setOut(writer(environment.out()))
                .setErr(writer(environment.err()))
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setUsageHelpWidth(Math.max(
                        80, Math.min(WIDEST_HELP, environment.terminal().columns())))
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Transvase::misused)
                .execute(arguments);
    }

    /** Commands that another command gives. */
    private final class Typed implements Shell {

        @Override
        public int run(List<String> arguments) {
            return Transvase.this.run(arguments.toArray(String[]::new));
        }

        @Override
        public Background start(List<String> arguments, PrintStream err) {
            return BackgroundCommand.start(
                    signals -> new Transvase(environment.with(signals, err)).run(arguments.toArray(String[]::new)));
        }
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private static int misused(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("error: " + Printable.line(message(e)));
        err.print("usage: " + command.getHelp().synopsis("usage: ".length()));
        err.println("See `" + command.getCommandSpec().qualifiedName() + " --help`.");
        err.flush();
        return ExitCode.USER;
    }

    private static String message(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return e.getMessage();
        }
        String found = unmatched.getUnmatched().get(0);
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        if (found.startsWith("-")) {
            List<String> known = new ArrayList<>();
            spec.options().forEach(option -> known.addAll(List.of(option.names())));
            return "unknown option " + found + meant(found, known);
        }
        if (spec.subcommands().isEmpty()) {
            return "unexpected argument: " + found;
        }
        return "unknown command " + found
                + meant(found, List.copyOf(spec.subcommands().keySet()));
    }

    private static String meant(String found, List<String> known) {
        Optional<String> nearest = Spelling.nearest(found, known);
        return nearest.map(name -> "; did you mean " + name + "?").orElse("; there are: " + String.join(", ", known));
    }

    /** {@code transvase} without a command. */
    @Command(
            name = "transvase",
            description = "Moves data in and out of PostgreSQL.",
            footer = {
                "",
                "Exit codes: 0 done, 1 error limit exceeded, 2 the job is wrong, nothing moved,",
                "3 an external system failed, 4 a defect, 129, 130 and 143 interrupted."
            })
    private static final class Root extends HelpfulCommand implements Runnable {

        @Override
        public void run() {
            throw new ParameterException(commandLine(), "expected a command");
        }
    }
}
