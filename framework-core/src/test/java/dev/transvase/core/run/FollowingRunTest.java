package dev.transvase.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.job.JobSettings;
import dev.transvase.core.job.JobSettings.ErrorLimit;
import dev.transvase.core.job.JobSettings.Speed;
import dev.transvase.core.report.JobReport;
import dev.transvase.core.report.JobReport.Status;
import dev.transvase.core.run.TestingSteps.Keeping;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChangeStream;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Reader;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Jobs that follow their source: stage by stage, until they are told to end. */
class FollowingRunTest {

    private static final JobSettings SETTINGS = new JobSettings(
            new ErrorLimit(0, OptionalDouble.empty()),
            new Speed(2, false, OptionalDouble.empty(), OptionalLong.empty()),
            Optional.empty());

    private static final Split STREAM =
            Split.of("stream", Split.MANY_TABLES, new byte[0], "").inStage(1);

    private static JobRun run(Followed reader, Keeping writer, int channels, Split... splits) {
        JobPlan one = TestingSteps.plan(SETTINGS, reader, writer, 1);
        JobPlan plan = new JobPlan(
                one.job(),
                reader,
                writer,
                one.targets(),
                List.of(splits),
                true,
                Optional.empty(),
                channels,
                List.of(),
                List.of(),
                new JobNotices());
        return new JobRun(plan, RunOptions.defaults());
    }

    /** Splits of three numbers each in the first stage, and one in the second that never ends. */
    private static final class Followed implements Reader {

        final List<String> events = Collections.synchronizedList(new ArrayList<>());
        private final Keeping writer;

        Followed(Keeping writer) {
            this.writer = writer;
        }

        @Override
        public ReadPlan plan(Checks checks) {
            throw new AssertionError("the plan is there");
        }

        @Override
        public List<Split> split(List<Schema> accepted, int channels, Checks checks) {
            throw new AssertionError("the splits are there");
        }

        @Override
        public SplitReader open(Split split, Schema schema, Position position) {
            if (split.stage() == 1) {
                events.add("kept before the stream: " + writer.kept.size());
            }
            return new Numbers(split.stage() == 1, split.id().equals("quiet") ? 4 : 1, schema);
        }

        @Override
        public void close() {}

        private final class Numbers implements SplitReader {

            private final boolean endless;
            private final Schema schema;
            private long next;
            private volatile boolean acknowledged;

            Numbers(boolean endless, long next, Schema schema) {
                this.endless = endless;
                this.next = next;
                this.schema = schema;
            }

            @Override
            public Optional<RecordBatch> poll(Duration atMost) {
                if (next > 3 || (next == 3 && !acknowledged)) {
                    Thread.onSpinWait();
                    return Optional.empty();
                }
                RecordBatchBuilder builder = new RecordBatchBuilder(schema);
                builder.beginRecord().appendLong(next++).endRecord();
                return Optional.of(builder.build());
            }

            @Override
            public boolean finished() {
                return !endless && next > 3;
            }

            @Override
            public BatchEnd end() {
                // The last number belongs to a transaction whose end does not come.
                return next > 3
                        ? BatchEnd.withinTransaction()
                        : BatchEnd.resumeAt(Position.of(new byte[] {(byte) next}, "at " + next));
            }

            @Override
            public void acknowledge(Position durable) {
                acknowledged = true;
                if (endless) {
                    events.add("durable " + durable.description());
                }
            }

            @Override
            public long reconnects() {
                return endless ? 2 : 0;
            }

            @Override
            public void cancel() {
                events.add("cancelled");
            }

            @Override
            public void close() {
                if (endless) {
                    events.add("closed");
                }
            }
        }
    }

    @Test
    void aStageBeginsWhenTheOneBeforeIsWrittenAndTheEndIsInOrder() {
        Keeping writer = new Keeping();
        Followed reader = new Followed(writer);
        JobRun run =
                run(reader, writer, 2, Split.of("a", 0, new byte[0], ""), Split.of("b", 0, new byte[0], ""), STREAM);
        CompletableFuture<JobReport> running = CompletableFuture.supplyAsync(run::run);
        while (writer.kept.size() < 9) {
            Thread.onSpinWait();
        }
        run.stop();
        JobReport report = running.join();
        assertThat(report.error()).isEmpty();
        assertThat(report.status()).isEqualTo(Status.STOPPED);
        assertThat(report.position()).contains(new JobReport.StreamPosition("position", "at 3"));
        assertThat(report.written().records()).isEqualTo(9);
        assertThat(reader.events)
                .startsWith("kept before the stream: 6")
                .contains("durable at 3")
                .endsWith("closed")
                .doesNotContain("cancelled");
        assertThat(reader.events.indexOf("durable at 3")).isLessThan(reader.events.indexOf("closed"));
        assertThat(writer.calls).doesNotContain("complete");
    }

    @Test
    void itTellsHowMuchOfTheRowsIsReadUntilItFollows() {
        Keeping writer = new Keeping();
        Followed reader = new Followed(writer);
        JobRun run = run(
                reader,
                writer,
                2,
                Split.of("a", 0, new byte[0], "").expecting(3),
                Split.of("b", 0, new byte[0], "").expecting(5),
                STREAM);
        Progress before = run.progress();
        assertThat(before.expectedRecords()).hasValue(8);
        assertThat(before.share()).hasValue(0);
        assertThat(before.tables()).isEqualTo(1);
        assertThat(before.tablesDone()).isZero();

        CompletableFuture<JobReport> running = CompletableFuture.supplyAsync(run::run);
        while (writer.kept.size() < 9) {
            Thread.onSpinWait();
        }
        Progress following = run.progress();
        assertThat(following.expectedRecords()).isEmpty();
        assertThat(following.tables()).isZero();
        run.stop();
        running.join();
    }

    @Test
    void itCountsTheChangesAndNotTheRowsBefore() {
        Keeping writer = new Keeping();
        Followed reader = new Followed(writer);
        JobPlan one = TestingSteps.plan(SETTINGS, reader, writer, 1);
        List<Split> splits = List.of(
                Split.of("a", 0, new byte[0], ""),
                Split.of("stream", Split.MANY_TABLES, new byte[0], "").inStage(1));
        JobRun run = new JobRun(
                new JobPlan(
                        one.job(),
                        reader,
                        writer,
                        one.targets(),
                        splits,
                        true,
                        Optional.of(ChangeStream.of("stream", true)),
                        1,
                        List.of(),
                        List.of(),
                        new JobNotices()),
                RunOptions.defaults());
        CompletableFuture<JobReport> running = CompletableFuture.supplyAsync(run::run);
        while (writer.kept.size() < 6) {
            Thread.onSpinWait();
        }
        assertThat(run.progress().changes()).contains(new Progress.Changes(3, 0, 0, 0, 2));
        run.stop();
        running.join();
        assertThat(run.progress().changes()).contains(new Progress.Changes(3, 0, 0, 0, 2));
    }

    /** What is durable of a table's rows is no place that the next run could go on from. */
    @Test
    void onlyTheStreamHasAPosition() {
        Keeping writer = new Keeping();
        Followed reader = new Followed(writer);
        JobRun run = run(
                reader,
                writer,
                1,
                Split.of("a", 0, new byte[0], ""),
                Split.of("quiet", Split.MANY_TABLES, new byte[0], "").inStage(1));
        CompletableFuture<JobReport> running = CompletableFuture.supplyAsync(run::run);
        while (reader.events.isEmpty()) {
            Thread.onSpinWait();
        }
        run.stop();
        JobReport report = running.join();
        assertThat(report.status()).isEqualTo(Status.STOPPED);
        assertThat(report.written().records()).isEqualTo(3);
        assertThat(report.position()).isEmpty();
    }
}
