package dev.transvase.cli.command;

import dev.transvase.cli.process.ExitCode;
import dev.transvase.cli.text.ErrorCodePage;
import dev.transvase.cli.text.Figures;
import dev.transvase.cli.text.Printable;
import dev.transvase.core.parameter.InvalidJobException;
import dev.transvase.core.parameter.Masks;
import dev.transvase.core.parameter.Problem;
import dev.transvase.core.parameter.ProblemGroup;
import dev.transvase.core.report.JobReport.Failure;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.Fix;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tells people what happened, on standard error, a line or two for each thing. */
public final class Console {

    private final PrintStream err;
    private final boolean verbose;
    private final Masks masks;
    private final boolean all;
    private final ErrorCodePage codes;

    /**
     * @param codes where errors point to
     * @param verbose whether stack traces are shown
     * @param masks what is shown of nothing
     * @param all whether each problem has a line of its own
     */
    public Console(PrintStream err, ErrorCodePage codes, boolean verbose, Masks masks, boolean all) {
        this.codes = codes;
        this.all = all;
        this.err = err;
        this.verbose = verbose;
        this.masks = masks;
    }

    /** What must not be shown. */
    Masks masks() {
        return masks;
    }

    /** The text as it may be shown, in one line. */
    String shown(String text) {
        return Printable.line(masks.apply(text));
    }

    public void warnings(List<Problem> warnings) {
        shown(warnings).forEach(warning -> err.println("warning: " + reported(warning, "")));
    }

    public void warning(String message) {
        err.println("warning: " + shown(message));
    }

    public void lines(List<String> lines) {
        lines.forEach(line -> err.println(shown(line)));
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
            StringWriter trace = new StringWriter();
            cause.printStackTrace(new PrintWriter(trace));
            masks.apply(trace.toString()).lines().map(Printable::line).forEach(err::println);
        }
    }

    private void problems(List<Problem> problems) {
        List<Problem> shown = shown(problems);
        shown.forEach(problem -> err.println("error: " + reported(problem, " [" + shown(problem.code()) + ']')));
        err.println(Figures.count(problems.size(), "error") + ", nothing was moved"
                + (shown.size() < problems.size() ? "; `transvase check --all` shows each" : "")
                + file(problems, Fix.Kind.CREATE, "--ddl", "create what is missing")
                + file(problems, Fix.Kind.MEND, "--fix", "fix what statements can fix"));
        List<String> explained = problems.stream()
                .map(Problem::code)
                .distinct()
                .flatMap(code -> codes.of(code).stream())
                .toList();
        if (!explained.isEmpty()) {
            help(explained.size() == 1 ? explained.get(0) : codes.path().toString());
        }
    }

    private void help(String page) {
        err.println("  help: " + shown(page));
    }

    private static String file(List<Problem> problems, Fix.Kind kind, String option, String purpose) {
        boolean some =
                problems.stream().flatMap(problem -> problem.fix().stream()).anyMatch(fix -> fix.kind() == kind);
        return some ? "; `transvase check " + option + " FILE` writes the statements that " + purpose : "";
    }

    private List<Problem> shown(List<Problem> problems) {
        return all
                ? problems
                : ProblemGroup.of(problems).stream().map(ProblemGroup::summary).toList();
    }

    /** The remedy, if there is one, has a line of its own; the code stands behind what is wrong. */
    private String reported(Problem problem, String code) {
        String text = problem.toString();
        String remedy = problem.remedy().isEmpty() ? "" : System.lineSeparator() + "  -> " + problem.remedy();
        String wrong = text.substring(0, text.length() - remedy.length());
        return shown(wrong)
                + code
                + (remedy.isEmpty() ? "" : System.lineSeparator() + "  -> " + shown(problem.remedy()));
    }

    /** As {@link #failure(Throwable, Optional)}, for what a report tells. */
    void failure(Failure failure, Optional<Path> log) {
        if (failure.type() == ErrorType.INTERNAL) {
            err.println("error: this is a defect of Transvase or of a plugin: " + shown(failure.message()) + " ["
                    + shown(failure.code())
                    + ']');
            err.println("  -> please report it together with "
                    + log.map(l -> "the log " + shown(l.toString())).orElse("the output of --verbose"));
        } else {
            err.println("error: " + shown(failure.message()) + " [" + shown(failure.code()) + ']');
            log.ifPresent(l -> err.println("  log: " + shown(l.toString())));
        }
        codes.of(failure.code()).ifPresent(this::help);
    }
}
