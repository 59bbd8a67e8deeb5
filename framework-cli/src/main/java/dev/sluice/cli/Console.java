package dev.sluice.cli;

import dev.sluice.core.parameter.InvalidJobException;
import dev.sluice.core.parameter.Problem;
import dev.sluice.core.report.JobReport.Failure;
import dev.sluice.spi.ErrorType;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tells people what happened, on standard error, a line or two for each thing. */
final class Console {

    private final PrintStream err;
    private final boolean verbose;

    /** @param verbose whether stack traces are shown */
    Console(PrintStream err, boolean verbose) {
        this.err = err;
        this.verbose = verbose;
    }

    void warnings(List<Problem> warnings) {
        warnings.forEach(warning -> err.println("warning: " + told(warning, "")));
    }

    void warning(String message) {
        err.println("warning: " + Printable.line(message));
    }

    void lines(List<String> lines) {
        lines.forEach(line -> err.println(Printable.line(line)));
    }

    /**
     * Why a command failed.
     *
     * @param log holds the stack trace, if it is anywhere
     */
    void failure(Throwable cause, Optional<Path> log) {
        if (cause instanceof InvalidJobException invalid) {
            problems(invalid.problems());
        } else {
            failure(ExitCode.failure(cause), log);
        }
        if (verbose) {
            cause.printStackTrace(err);
        }
    }

    private void problems(List<Problem> problems) {
        problems.forEach(problem -> err.println("error: " + told(problem, " [" + problem.code() + ']')));
        err.println(Figures.count(problems.size(), "error") + ", nothing was moved");
    }

    /** The remedy, if there is one, has a line of its own; the code stands behind what is wrong. */
    private static String told(Problem problem, String code) {
        String text = problem.toString();
        String remedy = problem.remedy().isEmpty() ? "" : System.lineSeparator() + "  -> " + problem.remedy();
        String wrong = text.substring(0, text.length() - remedy.length());
        return Printable.line(wrong)
                + code
                + (remedy.isEmpty() ? "" : System.lineSeparator() + "  -> " + Printable.line(problem.remedy()));
    }

    /** As {@link #failure(Throwable, Optional)}, for what a report tells. */
    void failure(Failure failure, Optional<Path> log) {
        if (failure.type() == ErrorType.INTERNAL) {
            err.println("error: this is a defect of Sluice or of a plugin: " + Printable.line(failure.message()) + " ["
                    + failure.code()
                    + ']');
            err.println("  -> please report it together with "
                    + log.map(l -> "the log " + l).orElse("the output of --verbose"));
        } else {
            err.println("error: " + Printable.line(failure.message()) + " [" + failure.code() + ']');
            log.ifPresent(l -> err.println("  log: " + l));
        }
    }
}
