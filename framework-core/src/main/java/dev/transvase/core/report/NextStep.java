package dev.transvase.core.report;

import static dev.transvase.spi.error.CommonErrors.COMMIT_IN_DOUBT;

import dev.transvase.core.report.JobReport.Failure;
import java.util.Optional;

/** What a user does next when a run has not done all that the job says. */
public final class NextStep {

    private NextStep() {}

    /** One sentence; empty when there is nothing to do. */
    public static Optional<String> after(JobReport report) {
        return switch (report.status()) {
            case SUCCEEDED ->
                report.dirty() > 0
                        ? Optional.of("check the dirty records, which are missing at the target, and load them with"
                                + " another run once they are corrected")
                        : Optional.empty();
            case STOPPED -> report.position().isPresent() ? Optional.empty() : Optional.of(again(report));
            case FAILED -> report.error().map(failure -> afterFailure(report, failure));
        };
    }

    private static String afterFailure(JobReport report, Failure failure) {
        if (failure.is(COMMIT_IN_DOUBT)) {
            return "compare the tables first: it is not known whether the last commit succeeded";
        }
        return switch (failure.type()) {
            case USER -> "do what the error says; " + afterwards(report);
            case EXTERNAL -> "check the system that the error names; once it works again, " + again(report);
            case INTERNAL -> "report the defect with the log";
        };
    }

    private static String afterwards(JobReport report) {
        return changed(report)
                ? "then " + again(report)
                : "`transvase check` shows whether that was enough, without moving anything";
    }

    private static boolean changed(JobReport report) {
        return report.written().records() > 0
                || report.skipped() > 0
                || report.error().filter(Failure::targetChanged).isPresent();
    }

    private static String again(JobReport report) {
        if (report.position().isPresent()) {
            return "run the job again: it resumes from " + report.position().get();
        }
        boolean repeats = report.tables().stream()
                .anyMatch(table -> table.repeats() && table.written().records() > 0);
        if (repeats) {
            return "make sure that no rows are written twice, as described above, and run the job again";
        }
        return report.written().records() == 0 ? "run the job again: no record was written" : "run the job again";
    }
}
