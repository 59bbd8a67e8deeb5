package dev.transvase.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.parameter.InvalidJobException;
import dev.transvase.core.parameter.Problem;
import dev.transvase.core.report.JobReport;
import dev.transvase.core.report.JobReport.Amount;
import dev.transvase.core.report.JobReport.Failure;
import dev.transvase.core.report.JobReport.Status;
import dev.transvase.spi.error.ErrorType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

    @Test
    void eachEndOfAJobHasItsCode() {
        assertThat(code(Status.SUCCEEDED, null, 5)).isZero();
        assertThat(code(Status.STOPPED, null, 5)).isEqualTo(130);
        assertThat(code(Status.FAILED, new Failure("ERROR_LIMIT_EXCEEDED", ErrorType.USER, ""), 0))
                .isEqualTo(1);
        assertThat(code(Status.FAILED, new Failure("ERROR_LIMIT_EXCEEDED", ErrorType.USER, ""), 5))
                .isEqualTo(1);
        assertThat(code(Status.FAILED, new Failure("SKIPPED_BY_TARGET", ErrorType.USER, ""), 5))
                .isEqualTo(1);
        assertThat(code(Status.FAILED, new Failure("X", ErrorType.USER, ""), 0)).isEqualTo(2);
        assertThat(code(Status.FAILED, new Failure("X", ErrorType.USER, ""), 5)).isEqualTo(3);
        assertThat(code(Status.FAILED, new Failure("X", ErrorType.USER, "").afterChange(), 0))
                .isEqualTo(3);
        assertThat(code(Status.FAILED, new Failure("X", ErrorType.EXTERNAL, ""), 0))
                .isEqualTo(3);
        assertThat(code(Status.FAILED, new Failure("X", ErrorType.INTERNAL, ""), 0))
                .isEqualTo(4);
    }

    @Test
    void whatIsNotOursIsADefect() {
        assertThat(ExitCode.of(new NullPointerException())).isEqualTo(4);
    }

    @Test
    void ofSeveralProblemsTheWorstCounts() {
        Problem user = Problem.of("a", ErrorType.USER, "A", "first", "", false);
        Problem outside = Problem.of("b", ErrorType.EXTERNAL, "B", "second", "", false);
        assertThat(ExitCode.of(new InvalidJobException(List.of(user)))).isEqualTo(2);
        assertThat(ExitCode.of(new InvalidJobException(List.of(user, outside)))).isEqualTo(3);
        assertThat(ExitCode.failure(new InvalidJobException(List.of(user))).code())
                .isEqualTo("A");
        assertThat(ExitCode.failure(new InvalidJobException(List.of(user, outside)))
                        .code())
                .isEqualTo("INVALID_JOB");
    }

    /** A trigger may have moved what the target skipped into another table. */
    @Test
    void whatTheTargetSkippedCountsAsMoved() {
        assertThat(code(Status.FAILED, new Failure("X", ErrorType.USER, ""), 0, 0))
                .isEqualTo(2);
        assertThat(code(Status.FAILED, new Failure("X", ErrorType.USER, ""), 0, 5))
                .isEqualTo(3);
    }

    private static int code(Status status, Failure failure, long written) {
        return code(status, failure, written, 0);
    }

    private static int code(Status status, Failure failure, long written, long skipped) {
        Amount amount = new Amount(written, written);
        return ExitCode.of(new JobReport(
                "job",
                status,
                Instant.EPOCH,
                1,
                1,
                1,
                List.of(new JobReport.Table("a", "b", amount, amount, 0, skipped, false)),
                Optional.empty(),
                Optional.ofNullable(failure),
                List.of(),
                List.of(),
                List.of()));
    }
}
