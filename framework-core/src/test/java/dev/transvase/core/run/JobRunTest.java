package dev.transvase.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.transvase.core.job.JobSettings;
import dev.transvase.core.job.JobSettings.ErrorLimit;
import dev.transvase.core.job.JobSettings.Speed;
import dev.transvase.core.report.JobReport;
import dev.transvase.core.report.JobReport.Status;
import dev.transvase.core.run.TestingSteps.Keeping;
import dev.transvase.core.run.TestingSteps.Numbers;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.error.CommonErrors;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRunTest {

    @TempDir
    Path folder;

    private static JobSettings settings(int concurrent, long tolerated) {
        return new JobSettings(
                new ErrorLimit(tolerated, OptionalDouble.empty()),
                new Speed(concurrent, false, OptionalDouble.empty(), OptionalLong.empty()),
                Optional.empty());
    }

    private static JobReport run(JobPlan plan) {
        return new JobRun(plan, RunOptions.defaults()).run();
    }

    @Test
    void movesEverySplitOnceAndAddsUp() {
        Numbers reader = new Numbers(1050);
        Keeping writer = new Keeping();
        JobReport report = run(TestingSteps.plan(settings(3, 0), reader, writer, 7));
        assertThat(report.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(report.error()).isEmpty();
        assertThat(report.read().records()).isEqualTo(7 * 1050);
        assertThat(report.written()).isEqualTo(report.read());
        assertThat(report.channels()).isEqualTo(3);
        assertThat(report.splits()).isEqualTo(7);
        assertThat(writer.kept.stream().mapToLong(Long::longValue).sum()).isEqualTo(7L * 1050 * 1051 / 2);
        assertThat(writer.calls.get(0)).isEqualTo("begin");
        assertThat(writer.calls.get(writer.calls.size() - 1)).isEqualTo("complete");
        assertThat(reader.openSplits).hasValue(0);
        assertThat(writer.openChannels).hasValue(0);
    }

    @Test
    void toleratedDirtyRecordsAreCountedAndKept() throws IOException {
        Keeping writer = new Keeping() {
            @Override
            boolean isDirty(long number) {
                return number % 100 == 0;
            }
        };
        Path dirty = folder.resolve("dirty.jsonl");
        RunOptions options = RunOptions.defaults().withDirtyFile(Optional.of(dirty));
        JobReport report = new JobRun(TestingSteps.plan(settings(2, 20), new Numbers(1000), writer, 2), options).run();
        assertThat(report.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(report.dirty()).isEqualTo(20);
        assertThat(report.written().records()).isEqualTo(1980);
        List<String> lines = Files.readAllLines(dirty);
        assertThat(lines).hasSize(20);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertThat(first.path("table").asText()).isEqualTo("kept");
        assertThat(first.path("values").path("n").asText()).endsWith("00");
        assertThat(first.path("sqlState").asText()).isEqualTo("23505");
        assertThat(first.path("constraint").asText()).isEqualTo("kept_pkey");
    }

    @Test
    void recordsThatCannotBeReadAreReadAndDirty() throws IOException {
        Numbers reader = new Numbers(1000) {
            @Override
            List<DirtyRecord> unreadable(long next) {
                return next == 401
                        ? List.of(DirtyRecord.of(7, Map.of("n", "400a"), "22P02", "", "no number"))
                        : List.of();
            }
        };
        Path dirty = folder.resolve("dirty.jsonl");
        RunOptions options = RunOptions.defaults().withDirtyFile(Optional.of(dirty));
        JobReport report = new JobRun(TestingSteps.plan(settings(2, 2), reader, new Keeping(), 2), options).run();
        assertThat(report.error()).isEmpty();
        assertThat(report.read().records()).isEqualTo(2002);
        assertThat(report.written().records()).isEqualTo(2000);
        assertThat(report.dirty()).isEqualTo(2);
        assertThat(Files.readAllLines(dirty)).hasSize(2).allMatch(line -> line.contains("400a"));
        JobReport failed = run(TestingSteps.plan(settings(1, 0), reader, new Keeping(), 1));
        assertThat(failed.error().orElseThrow().code()).isEqualTo("ERROR_LIMIT_EXCEEDED");
    }

    @Test
    void aFailureTellsWhetherTheTargetWasChangedBeforeIt() {
        Numbers reader = new Numbers(10) {
            @Override
            void beforeRecord(long number) {
                throw TransvaseException.of(ErrorCode.user("WRONG"), "the job is wrong");
            }
        };
        for (boolean changed : List.of(false, true)) {
            Keeping writer = new Keeping() {
                @Override
                public boolean mayHaveChanged() {
                    return changed;
                }
            };
            JobReport report = run(TestingSteps.plan(settings(1, 0), reader, writer, 1));
            assertThat(report.error().orElseThrow().targetChanged()).isEqualTo(changed);
        }
    }

    @Test
    void aFailureTellsHowToRunAgainWhereThatWouldRepeatRecords() {
        Numbers reader = new Numbers(10);
        Keeping writer = new Keeping() {
            @Override
            public void complete() {
                throw TransvaseException.of(ErrorCode.external("LOST"), "the connection was lost, run again");
            }
        };
        for (boolean repeats : List.of(false, true)) {
            JobPlan one = TestingSteps.plan(settings(1, 0), reader, writer, 1);
            WriteTarget target = WriteTarget.of("kept", TestingSteps.SCHEMA, "").withRepeats(repeats);
            JobReport report = run(new JobPlan(
                    one.job(),
                    reader,
                    writer,
                    List.of(target),
                    one.splits(),
                    false,
                    Optional.empty(),
                    one.channels(),
                    List.of(),
                    List.of(),
                    new JobNotices()));
            String message = report.error().orElseThrow().message();
            assertThat(message).startsWith("the connection was lost, run again");
            if (repeats) {
                assertThat(message).contains("preSql", "upsert", "where");
            } else {
                assertThat(message).endsWith("run again");
            }
        }
    }

    @Test
    void oneDirtyRecordTooManyFailsTheJobAndDoesNotCompleteIt() {
        Keeping writer = new Keeping() {
            @Override
            boolean isDirty(long number) {
                return number > 500;
            }
        };
        JobReport report = run(TestingSteps.plan(settings(1, 3), new Numbers(1000), writer, 1));
        assertThat(report.status()).isEqualTo(Status.FAILED);
        assertThat(report.error().orElseThrow().code()).isEqualTo("ERROR_LIMIT_EXCEEDED");
        assertThat(report.dirty()).isEqualTo(4);
        assertThat(report.written().records()).isEqualTo(500);
        assertThat(writer.calls).doesNotContain("complete");
    }

    @Test
    void aFailingReaderEndsEveryChannel() {
        Numbers reader = new Numbers(1_000_000) {
            @Override
            void beforeRecord(long number) {
                if (number == 5000) {
                    throw TransvaseException.of(ErrorCode.external("CONNECTION_LOST"), "the connection is lost");
                }
            }
        };
        Keeping writer = new Keeping();
        JobReport report = run(TestingSteps.plan(settings(4, 0), reader, writer, 4));
        assertThat(report.status()).isEqualTo(Status.FAILED);
        JobReport.Failure failure = report.error().orElseThrow();
        assertThat(failure.code()).isEqualTo("CONNECTION_LOST");
        assertThat(failure.type()).isEqualTo(ErrorType.EXTERNAL);
        assertThat(failure.message()).startsWith("the connection is lost [public.numbers -> kept, split split-");
        assertThat(report.written().records()).isEqualTo(writer.kept.size());
        assertThat(reader.openSplits).hasValue(0);
        assertThat(writer.openChannels).hasValue(0);
        assertThat(writer.calls).doesNotContain("complete");
    }

    @Test
    void progressTellsWhichTablesAreDoneAndUnderWay() throws InterruptedException {
        CountDownLatch halfWay = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Numbers reader = new Numbers(500) {
            private int splits;

            @Override
            void beforeRecord(long number) {
                if (number == 1 && ++splits == 3) {
                    halfWay.countDown();
                    awaitUninterrupted(goOn);
                }
            }
        };
        JobRun run =
                new JobRun(TestingSteps.planOfTables(settings(1, 0), reader, new Keeping(), 4), RunOptions.defaults());
        Thread running = new Thread(run::run);
        running.start();
        halfWay.await();
        Progress progress = run.progress();
        assertThat(progress.tables()).isEqualTo(4);
        assertThat(progress.tablesDone()).isLessThanOrEqualTo(2);
        assertThat(progress.underWay()).containsExactly("public.numbers2");
        goOn.countDown();
        running.join();
        assertThat(run.progress().tablesDone()).isEqualTo(4);
        assertThat(run.progress().underWay()).isEmpty();
        JobReport report = run.stopping();
        assertThat(report.tables())
                .extracting(JobReport.Table::source)
                .hasSize(4)
                .contains("public.numbers3");
        assertThat(report.tables())
                .allSatisfy(t -> assertThat(t.read().records()).isEqualTo(500))
                .allSatisfy(t -> assertThat(t.written()).isEqualTo(t.read()));
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFailingWriterEndsReadersThatWaitForRoom() {
        Keeping writer = new Keeping() {
            @Override
            void beforeWrite() {
                throw new IllegalStateException("a defect");
            }
        };
        RunOptions options = new RunOptions(Optional.empty(), 1, Clock.systemUTC());
        Numbers reader = new Numbers(1_000_000);
        JobReport report = new JobRun(TestingSteps.plan(settings(2, 0), reader, writer, 2), options).run();
        assertThat(report.status()).isEqualTo(Status.FAILED);
        assertThat(report.error().orElseThrow().type()).isEqualTo(ErrorType.INTERNAL);
        assertThat(reader.openSplits).hasValue(0);
    }

    @Test
    void stoppingCancelsBlockedStepsAndReportsWhatIsDurable() throws InterruptedException {
        CountDownLatch writing = new CountDownLatch(1);
        Keeping writer = new Keeping() {
            @Override
            void beforeWrite() {
                if (kept.size() >= 200) {
                    writing.countDown();
                    awaitCancel();
                }
            }

            private void awaitCancel() {
                try {
                    cancelled.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw TransvaseException.of(ErrorCode.external("CANCELLED"), "cancelled");
            }
        };
        JobRun run =
                new JobRun(TestingSteps.plan(settings(1, 0), new Numbers(1_000_000), writer, 1), RunOptions.defaults());
        Thread stopper = new Thread(() -> {
            try {
                writing.await();
                run.stop();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stopper.start();
        JobReport report = run.run();
        stopper.join();
        assertThat(report.status()).isEqualTo(Status.STOPPED);
        assertThat(report.error()).isEmpty();
        assertThat(report.written().records()).isEqualTo(200);
        assertThat(writer.calls).doesNotContain("complete", "flush");
    }

    @Test
    void aStepThatCannotBeCancelledDoesNotKeepOthersFromIt() {
        CountDownLatch waiting = new CountDownLatch(1);
        Keeping writer = new Keeping() {
            @Override
            void beforeCancel() {
                throw new IllegalStateException("cannot be cancelled");
            }

            @Override
            void beforeWrite() {
                waiting.countDown();
                await(cancelled);
                throw TransvaseException.of(ErrorCode.external("CANCELLED"), "cancelled");
            }
        };
        Numbers reader = new Numbers(1_000_000) {
            @Override
            void beforeRecord(long number) {
                if (number == 5000) {
                    await(waiting);
                    throw TransvaseException.of(ErrorCode.external("CONNECTION_LOST"), "the connection is lost");
                }
            }
        };
        JobReport report = run(TestingSteps.plan(settings(2, 0), reader, writer, 2));
        assertThat(report.error().orElseThrow().code()).isEqualTo("CONNECTION_LOST");
        assertThat(writer.openChannels).hasValue(0);
    }

    @Test
    void theReaderIsClosedBeforeTheWriterCompletes() {
        Keeping writer = new Keeping();
        Numbers reader = new Numbers(10) {
            @Override
            public void close() {
                writer.calls.add("reader closed");
            }
        };
        run(TestingSteps.plan(settings(1, 0), reader, writer, 1));
        assertThat(writer.calls).containsSubsequence("flush", "reader closed", "complete");
    }

    @Test
    void stoppingWhileTheTargetIsCompletedCancelsThat() throws InterruptedException {
        CountDownLatch completing = new CountDownLatch(1);
        Keeping writer = new Keeping() {
            @Override
            public void complete() {
                completing.countDown();
                await(cancelled);
                throw TransvaseException.of(ErrorCode.external("CANCELLED"), "cancelled");
            }

            @Override
            public void cancel() {
                cancelled.countDown();
            }
        };
        JobRun run = new JobRun(TestingSteps.plan(settings(1, 0), new Numbers(10), writer, 1), RunOptions.defaults());
        Thread stopper = new Thread(() -> {
            await(completing);
            run.stop();
        });
        stopper.start();
        JobReport report = run.run();
        stopper.join();
        assertThat(report.status()).isEqualTo(Status.STOPPED);
        assertThat(report.written().records()).isEqualTo(10);
    }

    @Test
    void aCommitInDoubtIsToldThoughTheRunWasStopped() throws InterruptedException {
        CountDownLatch writing = new CountDownLatch(1);
        Keeping writer = new Keeping() {
            @Override
            void beforeWrite() {
                writing.countDown();
                await(cancelled);
                throw TransvaseException.of(CommonErrors.COMMIT_IN_DOUBT, "who knows");
            }
        };
        JobRun run = new JobRun(TestingSteps.plan(settings(1, 0), new Numbers(10), writer, 1), RunOptions.defaults());
        Thread stopper = new Thread(() -> {
            await(writing);
            run.stop();
        });
        stopper.start();
        JobReport report = run.run();
        stopper.join();
        assertThat(report.error().orElseThrow().code()).isEqualTo("COMMIT_IN_DOUBT");
    }

    @Test
    void aCommitInDoubtIsToldThoughAnotherChannelFailedBefore() {
        CountDownLatch failed = new CountDownLatch(1);
        RunState state = new RunState(failed::countDown);
        TransvaseException first = TransvaseException.of(ErrorCode.user("WRONG"), "the job is wrong");
        TransvaseException doubt = TransvaseException.of(CommonErrors.COMMIT_IN_DOUBT, "who knows");
        TransvaseException later = TransvaseException.of(CommonErrors.COMMIT_IN_DOUBT, "nobody");
        state.fail(first);
        state.fail(doubt);
        state.fail(later);
        assertThat(failed.getCount()).isZero();
        assertThat(state.failure()).containsSame(doubt);
        assertThat(doubt.getSuppressed()).containsExactly(first, later);
    }

    private static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // goes on, as a read from a socket would
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aRunThatWasStoppedBeforeItStartedMovesNothing() {
        Keeping writer = new Keeping();
        JobRun run = new JobRun(TestingSteps.plan(settings(1, 0), new Numbers(10), writer, 1), RunOptions.defaults());
        run.stop();
        assertThat(run.run().status()).isEqualTo(Status.STOPPED);
        assertThat(writer.kept).isEmpty();
    }

    @Test
    void recordsThatAreNeitherWrittenNorDirtyAreADefect() {
        Keeping writer = new Keeping() {
            @Override
            boolean isDirty(long number) {
                return false;
            }

            @Override
            public ChannelWriter open(WriteJournal journal) {
                return super.open(new LosingJournal(journal));
            }
        };
        JobReport report = run(TestingSteps.plan(settings(1, 0), new Numbers(10), writer, 1));
        assertThat(report.error().orElseThrow().code()).isEqualTo("RECORDS_UNACCOUNTED");
    }

    /** Forgets the records it is told of. */
    private record LosingJournal(WriteJournal journal) implements WriteJournal {

        @Override
        public void committed(int table, long records, long bytes) {}

        @Override
        public void dirty(DirtyRecord dirty) {
            journal.dirty(dirty);
        }

        @Override
        public long tolerance() {
            return journal.tolerance();
        }
    }
}
