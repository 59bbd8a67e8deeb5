package dev.transvase.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.report.JobReport;
import dev.transvase.core.report.JobReport.Amount;
import dev.transvase.core.report.JobReport.Status;
import dev.transvase.core.report.JobReport.StreamPosition;
import dev.transvase.core.report.WarningCount;
import dev.transvase.core.report.WarningCounts;
import dev.transvase.spi.error.LeftOut;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private static final JobReport.Table ORDERS = new JobReport.Table(
            "public.orders",
            "public.\"Orders\"",
            new Amount(1_000_000, 100 << 20),
            new Amount(999_998, 99 << 20),
            2,
            0,
            false);
    private static final JobReport.Table USERS =
            new JobReport.Table("public.users", "public.users", new Amount(10, 100), new Amount(10, 100), 0, 0, false);

    @Test
    void everyTableHasALine() {
        assertThat(new Summary(report(Status.SUCCEEDED, ORDERS, USERS)).lines())
                .containsExactly(
                        "job orders: SUCCEEDED in 10.0 s, started 2026-01-01T00:00:00Z, Transvase " + Version.current(),
                        "  2 channels, 10 splits, 2 tables",
                        "             records      size  records/s  MB/s",
                        "  read     1,000,010  100.0 MB    100,001  10.0",
                        "  written  1,000,008   99.0 MB    100,001   9.9",
                        "  dirty            2",
                        "  source         target                read  written  dirty",
                        "  public.orders  public.\"Orders\"  1,000,000  999,998      2",
                        "  public.users   public.users            10       10      0");
    }

    @Test
    void whatTheTargetSkippedIsTold() {
        JobReport.Table part =
                new JobReport.Table("public.users", "public.users", new Amount(10, 100), new Amount(7, 70), 1, 2, true);
        assertThat(new Summary(report(Status.SUCCEEDED, part)).lines())
                .contains(
                        "  skipped by target        2",
                        "  source        target        read  written  dirty  skipped by target",
                        "  public.users  public.users    10        7      1                  2");
    }

    @Test
    void aRunThatWasCutShortTellsWhatAnotherWouldRepeat() {
        JobReport.Table part =
                new JobReport.Table("public.users", "public.users", new Amount(10, 100), new Amount(7, 70), 0, 0, true);
        for (Status status : List.of(Status.FAILED, Status.STOPPED)) {
            assertThat(new Summary(report(status, part, USERS)).lines())
                    .contains("  another run would write these records again: public.users (7)")
                    .last()
                    .asString()
                    .contains("TRUNCATE @table", "upsert", "where");
        }
        assertThat(new Summary(report(Status.SUCCEEDED, part)).lines()).noneMatch(line -> line.contains("again"));
        assertThat(new Summary(report(Status.FAILED, USERS)).lines()).noneMatch(line -> line.contains("again"));
    }

    @Test
    void ofManyTablesThoseAreShownThatMatter() {
        List<JobReport.Table> tables = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            tables.add(new JobReport.Table("a.t" + i, "b.t" + i, new Amount(1, 10), new Amount(1, 10), 0, 0, false));
        }
        tables.set(400, new JobReport.Table("a.bad", "b.bad", new Amount(1, 10), new Amount(0, 0), 1, 0, false));
        List<String> lines = new Summary(report(Status.SUCCEEDED, tables.toArray(new JobReport.Table[0]))).lines();
        assertThat(lines).hasSizeLessThan(30).anyMatch(line -> line.contains("500 tables"));
        assertThat(lines).anyMatch(line -> line.strip().startsWith("a.bad"));
        assertThat(lines).anyMatch(line -> line.contains("a.t18")).noneMatch(line -> line.contains("a.t19"));
        assertThat(lines).last().asString().contains("and 480 more tables", "--report FILE");
    }

    @Test
    void whatIsLeftOutHasALineForEachReason() {
        List<LeftOut> leftOut = new ArrayList<>();
        for (int i = 0; i < 1_206; i++) {
            leftOut.add(new LeftOut("public.s" + i, "a sequence"));
        }
        leftOut.add(new LeftOut("public.none", "it has no columns"));
        JobReport report = usersOnly(Status.SUCCEEDED, Optional.empty(), leftOut, List.of());
        assertThat(new Summary(report).lines())
                .endsWith(
                        "  left out: public.s0, public.s1, public.s2, public.s3, public.s4 and 1,201 more: a sequence",
                        "  left out: public.none: it has no columns");
    }

    @Test
    void warningsOfOneKindAreOneLineThatCountsThem() {
        WarningCounts counts = new WarningCounts();
        counts.add("clocks differ");
        for (int i = 0; i < 300; i++) {
            counts.add("public.t" + i + " was truncated at the source; the target keeps its rows");
        }
        JobReport report = usersOnly(Status.SUCCEEDED, Optional.empty(), List.of(), counts.counts());
        assertThat(new Summary(report).lines())
                .endsWith(
                        "  301 warnings of 2 kinds",
                        "    300 x public.t0 was truncated at the source; the target keeps its rows; likewise public.t1,"
                                + " public.t2, public.t3 and 296 more",
                        "    1 x clocks differ");
    }

    @Test
    void ofVeryManyKindsOfWarningsTheMostFrequentAreShown() {
        WarningCounts counts = new WarningCounts();
        for (char kind = 'a'; kind <= 'z'; kind++) {
            counts.add("a warning of kind " + kind);
        }
        counts.add("a warning of kind z");
        JobReport report = usersOnly(Status.SUCCEEDED, Optional.empty(), List.of(), counts.counts());
        assertThat(new Summary(report).lines())
                .contains("  27 warnings of 26 kinds", "    2 x a warning of kind z; likewise 1 more")
                .last()
                .asString()
                .contains("16 more kinds", "--report FILE");
    }

    @Test
    void aStoppedJobTellsWhatWasCommitted() {
        assertThat(new Summary(report(Status.STOPPED, USERS)).lines())
                .last()
                .asString()
                .contains("10 records committed", "rolled back");
    }

    @Test
    void aStreamThatEndedWarnsOfTheLogThatItsSourceKeeps() {
        JobReport stopped =
                usersOnly(Status.STOPPED, Optional.of(new StreamPosition("lsn", "0/16B3748")), List.of(), List.of());
        assertThat(new Summary(stopped).lines())
                .anyMatch(line -> line.contains("durable at the target up to 0/16B3748"))
                .last()
                .asString()
                .contains("keeps its log", "cdc drop");
    }

    private static JobReport report(Status status, JobReport.Table... tables) {
        return report(status, List.of(tables), Optional.empty(), List.of(), List.of());
    }

    /** With the table that nothing happened to. */
    private static JobReport usersOnly(
            Status status, Optional<StreamPosition> position, List<LeftOut> leftOut, List<WarningCount> warnings) {
        return report(status, List.of(USERS), position, leftOut, warnings);
    }

    private static JobReport report(
            Status status,
            List<JobReport.Table> tables,
            Optional<StreamPosition> position,
            List<LeftOut> leftOut,
            List<WarningCount> warnings) {
        return new JobReport(
                "orders",
                status,
                Instant.parse("2026-01-01T00:00:00.5Z"),
                10_000,
                2,
                10,
                tables,
                position,
                Optional.empty(),
                leftOut,
                List.of(),
                warnings);
    }
}
