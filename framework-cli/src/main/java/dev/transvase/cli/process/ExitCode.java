package dev.transvase.cli.process;

import static dev.transvase.cli.process.CliErrors.INVALID_JOB;
import static dev.transvase.core.error.CoreErrors.ERROR_LIMIT_EXCEEDED;
import static dev.transvase.spi.error.CommonErrors.SKIPPED_BY_TARGET;

import dev.transvase.core.parameter.InvalidJobException;
import dev.transvase.core.parameter.Problem;
import dev.transvase.core.report.JobReport;
import dev.transvase.core.report.JobReport.Failure;
import dev.transvase.spi.error.ErrorType;
import java.util.List;

/** The exit codes of the public interface, and which one is due. */
public final class ExitCode {

    public static final int DONE = 0;
    /** The error limit was passed, or the target left records out. */
    public static final int DATA = 1;
    /** The job, a parameter or a prerequisite is wrong; promises that nothing was moved and nothing was changed. */
    public static final int USER = 2;
    /** A system outside failed. */
    public static final int OUTSIDE = 3;

    public static final int DEFECT = 4;
    /** As a shell tells SIGINT. After SIGTERM and SIGHUP the process ends with 143 and 129. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}

    /** For a job that was run, or at least tried. */
    public static int of(JobReport report) {
        return switch (report.status()) {
            case SUCCEEDED -> DONE;
            case STOPPED -> INTERRUPTED;
            case FAILED ->
                report.error()
                        .map(failure -> of(failure, report.written().records() + report.skipped()))
                        .orElse(DEFECT);
        };
    }

    /** For a failure of a command that moves nothing. */
    public static int of(Throwable failure) {
        return of(failure(failure), 0);
    }

    /** @param moved how many records the target was given; a trigger may have put those that it skipped elsewhere */
    private static int of(Failure failure, long moved) {
        if (failure.is(ERROR_LIMIT_EXCEEDED) || failure.is(SKIPPED_BY_TARGET)) {
            return DATA;
        }
        return switch (failure.type()) {
            case USER -> moved == 0 && !failure.targetChanged() ? USER : OUTSIDE;
            case EXTERNAL -> OUTSIDE;
            case INTERNAL -> DEFECT;
        };
    }

    /** As the report tells it. Of several problems the type is that of the one the user can do least about. */
    public static Failure failure(Throwable cause) {
        if (!(cause instanceof InvalidJobException invalid)) {
            return Failure.of(cause);
        }
        List<Problem> problems = invalid.problems();
        String code = problems.size() == 1 ? problems.get(0).code() : INVALID_JOB.name();
        ErrorType type = ErrorType.USER;
        for (Problem problem : problems) {
            if (problem.type().compareTo(type) > 0) {
                type = problem.type();
            }
        }
        return new Failure(code, type, invalid.getMessage());
    }
}
