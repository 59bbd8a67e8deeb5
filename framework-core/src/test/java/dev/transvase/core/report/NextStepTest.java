package dev.transvase.core.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.report.JobReport.Amount;
import dev.transvase.core.report.JobReport.Failure;
import dev.transvase.core.report.JobReport.Status;
import dev.transvase.core.report.JobReport.Table;
import dev.transvase.spi.error.ErrorType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NextStepTest {

    private static final Failure USER = new Failure("TABLE_NOT_FOUND", ErrorType.USER, "there is no table");
    private static final Failure OUTSIDE = new Failure("CONNECTION_LOST", ErrorType.EXTERNAL, "the server is gone");

    @Test
    void nothingIsToBeDoneWhenAllIsWell() {
        assertThat(NextStep.after(report(Status.SUCCEEDED, null, 5, 0, true))).isEmpty();
    }

    @Test
    void dirtyRecordsAreMissingAtTheTarget() {
        assertThat(NextStep.after(report(Status.SUCCEEDED, null, 5, 1, true)))
                .get()
                .asString()
                .contains("dirty records");
    }

    @Test
    void whatWasNotBegunIsCheckedFirst() {
        assertThat(NextStep.after(report(Status.FAILED, USER, 0, 0, true)))
                .get()
                .asString()
                .contains("transvase check");
        assertThat(NextStep.after(report(Status.FAILED, USER.afterChange(), 0, 0, true)))
                .get()
                .asString()
                .contains("run the job again")
                .doesNotContain("check");
    }

    @Test
    void anotherRunIsSafeOrTakesCareFirst() {
        assertThat(NextStep.after(report(Status.FAILED, OUTSIDE, 0, 0, true)))
                .get()
                .asString()
                .endsWith("run the job again: no record was written");
        assertThat(NextStep.after(report(Status.FAILED, OUTSIDE, 5, 0, true)))
                .get()
                .asString()
                .contains("no rows are written twice");
        assertThat(NextStep.after(report(Status.STOPPED, null, 5, 0, false))).contains("run the job again");
    }

    private static JobReport report(Status status, Failure failure, long written, long dirty, boolean repeats) {
        return new JobReport(
                "orders",
                status,
                Instant.EPOCH,
                1,
                1,
                1,
                List.of(new Table("a", "b", new Amount(9, 9), new Amount(written, written), dirty, 0, repeats)),
                Optional.empty(),
                Optional.ofNullable(failure),
                List.of(),
                List.of(),
                List.of());
    }
}
