package dev.transvase.core.run;

import static dev.transvase.core.error.CoreErrors.RECORDS_UNACCOUNTED;

import dev.transvase.core.job.JobSettings;
import dev.transvase.core.report.JobReport;
import dev.transvase.core.report.JobReport.Amount;
import dev.transvase.core.report.JobReport.Failure;
import dev.transvase.core.report.JobReport.Status;
import dev.transvase.core.report.WarningCount;
import dev.transvase.core.report.WarningCounts;
import dev.transvase.core.run.Progress.Waiting;
import dev.transvase.spi.ChangeStream;
import dev.transvase.spi.Position;
import dev.transvase.spi.WriteTarget;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.TransvaseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a plan. {@link #run} is called once and blocks until the job has ended; {@link #stop} and {@link #progress}
 * may be called from other threads meanwhile.
 */
public final class JobRun {

    private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

    /** Dirty records beyond these are counted, and kept in the dirty file, but not logged one by one. */
    private static final int DIRTY_LOGGED = 10;

    private static final String BEFORE_ANOTHER_RUN =
            "; another run would write committed rows again: before it, empty the tables (preSql: TRUNCATE"
                    + " @table), set writeMode to upsert where there is a key, or read only what is missing (where)";

    private final JobPlan plan;
    private final RunOptions options;
    private final List<SplitQueue> stages;
    private final List<TableCounters> tables = new ArrayList<>();
    private final ChangeCounters changes = new ChangeCounters();
    private final List<Channel> channels = new CopyOnWriteArrayList<>();
    private final RunState state = new RunState(this::cancelChannels);
    private final ErrorLimit errorLimit;
    private final DirtyReporting telling;
    private final AtomicLong dirtyTold = new AtomicLong();
    private final Instant startedAt;
    private final long startNanos = System.nanoTime();

    /** Whether the target has been asked to prepare. */
    private volatile boolean begun;

    /** Whether it has come to follow its source, which ends in order only. */
    private volatile boolean following;

    /** How far what was followed is durable; {@code null} before the first of it is. */
    private volatile Position durable;

    /** Prepares a run; nothing happens until {@link #run}. The plan is not closed by it. */
    public JobRun(JobPlan plan, RunOptions options) {
        this.plan = plan;
        this.options = options;
        this.stages = plan.stages().stream()
                .map(splits -> new SplitQueue(splits, plan.targets().size()))
                .toList();
        JobSettings.ErrorLimit limit = plan.job().settings().errorLimit();
        this.errorLimit = new ErrorLimit(limit.record(), limit.percentage());
        this.telling = new DirtyReporting(plan.job().settings().dirtyValues());
        this.startedAt = options.clock().instant();
        plan.targets().forEach(t -> tables.add(new TableCounters()));
    }

    /**
     * Runs the job to its end, whatever that is: failures go into the report and are not thrown.
     *
     * @return what was done
     */
    public JobReport run() {
        plan.notices().leaveWaitsToProgress();
        try {
            move();
        } catch (RuntimeException | Error e) {
            state.fail(e);
        } catch (InterruptedException e) {
            state.stop();
            Thread.currentThread().interrupt();
        }
        state.failure().ifPresent(e -> LOG.error("job {} failed", plan.job().name(), e));
        return report(state.failure());
    }

    /**
     * Makes a running job end soon. A job that follows its source finishes what it has read; of any other, and of one that
     * is not as far yet, what is not committed is rolled back. Returns without waiting for it.
     */
    public void stop() {
        if (following) {
            state.finish();
            return;
        }
        state.stop();
        try {
            plan.writer().cancel();
        } catch (RuntimeException e) {
            LOG.warn("cancelling the writer failed", e);
        }
    }

    /** What a run that was stopped, but has not ended, has done so far. */
    public JobReport stopping() {
        return report(Optional.empty());
    }

    /** What the run has done, or has done so far, when the process ends by something else than its end or a signal. */
    public JobReport cutOff(Failure by) {
        // Whether the target was changed is not asked: the plugin that knows may be the one that has ended the process.
        return report(Optional.empty())
                .failed(state.failure()
                        .map(first -> by.after(Failure.of(first)))
                        .orElse(by));
    }

    /** How far it is. */
    public Progress progress() {
        return new Progress(
                Duration.ofNanos(System.nanoTime() - startNanos),
                plan.splits().size(),
                stages.stream().mapToInt(SplitQueue::doneCount).sum(),
                (int) counted().count(),
                (int) counted().filter(this::isDone).count(),
                stages.stream()
                        .flatMap(splits -> splits.underWay().stream())
                        .map(i -> plan.targets().get(i).accepted().table().toString())
                        .toList(),
                tables.stream().mapToLong(t -> t.readRecords.sum()).sum(),
                tables.stream().mapToLong(t -> t.readBytes.sum()).sum(),
                tables.stream().mapToLong(t -> t.writtenRecords.sum()).sum(),
                tables.stream().mapToLong(t -> t.dirtyRecords.sum()).sum(),
                expectedRecords(),
                waiting(),
                channels.stream().flatMap(c -> c.lag().stream()).findFirst(),
                plan.changes()
                        .map(stream -> changes.soFar(
                                channels.stream().mapToLong(Channel::reconnects).sum())),
                plan.notices().waits());
    }

    /** The tables that a run has to be done with: of one that follows its source, those of the snapshot until that is read. */
    private IntStream counted() {
        if (following) {
            return IntStream.empty();
        }
        return IntStream.range(0, tables.size())
                .filter(table -> !plan.unbounded() || stages.stream().anyMatch(splits -> splits.has(table)));
    }

    /** What is read to its end: all but what the run follows until it is stopped. */
    private List<SplitQueue> read() {
        return plan.unbounded() ? stages.subList(0, Math.max(0, stages.size() - 1)) : stages;
    }

    private OptionalLong expectedRecords() {
        long expected = tables.stream().mapToLong(t -> t.readRecords.sum()).sum();
        for (SplitQueue splits : read()) {
            OptionalLong remaining =
                    splits.remaining(table -> tables.get(table).readRecords.sum());
            if (remaining.isEmpty()) {
                return OptionalLong.empty();
            }
            expected += remaining.getAsLong();
        }
        return following ? OptionalLong.empty() : OptionalLong.of(expected);
    }

    private Optional<Waiting> waiting() {
        List<Optional<Waiting>> all =
                channels.stream().filter(Channel::reads).map(Channel::waiting).toList();
        return all.stream().distinct().count() == 1 ? all.get(0) : Optional.empty();
    }

    private boolean isDone(int table) {
        return tables.get(table).settled() && stages.stream().allMatch(splits -> splits.done(table));
    }

    private void cancelChannels() {
        channels.forEach(Channel::interrupt);
        channels.forEach(Channel::cancel);
    }

    private void move() throws InterruptedException {
        Optional<DirtyRecordFile> dirtyFile = options.dirtyFile().map(DirtyRecordFile::create);
        try (DirtyRecordFile closed = dirtyFile.orElse(null)) {
            if (state.ended()) {
                return; // stopped before it began: the target is left alone
            }
            begun = true;
            plan.writer().begin();
            runStages(dirtyRecords(dirtyFile), () -> dirtyFile.ifPresent(DirtyRecordFile::sync));
            if (!state.finishing()) {
                errorLimit.judge(progress().readRecords());
                reconcile();
                // The snapshot that it holds may have tables locked which completing changes.
                plan.reader().close();
                plan.writer().complete();
            }
        }
    }

    private void runStages(Consumer<DirtyRecord> dirtyRecords, Runnable securing) throws InterruptedException {
        for (int stage = 0; stage < stages.size() && !state.finishing(); stage++) {
            following = plan.unbounded() && stage == stages.size() - 1;
            int splits = plan.stages().get(stage).size();
            runChannels(stages.get(stage), Math.min(splits, plan.channels()), dirtyRecords, securing);
        }
    }

    private void runChannels(SplitQueue splits, int count, Consumer<DirtyRecord> dirtyRecords, Runnable securing)
            throws InterruptedException {
        List<String> ways =
                IntStream.range(0, plan.targets().size()).mapToObj(plan::way).toList();
        ChannelJournal journal = new ChannelJournal(ways, tables, errorLimit, telling, dirtyRecords, securing);
        SpeedLimit speedLimit = new SpeedLimit(plan.job().settings().speed().withChannels(count), Ticker.SYSTEM);
        long queueBytes = Math.max(1, options.queueBytes() / Math.max(1, count));
        // Where the read of a table is has no meaning beyond that split.
        Consumer<Position> followed = following ? p -> durable = p : p -> {};
        List<Channel> started = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            started.add(new Channel(
                    number, plan, splits, speedLimit, tables, changes, journal, state, followed, queueBytes));
        }
        channels.clear();
        channels.addAll(started);
        if (state.ended()) {
            return;
        }
        started.forEach(Channel::start);
        try {
            for (Channel channel : started) {
                channel.join();
            }
        } catch (InterruptedException e) {
            state.stop();
            for (Channel channel : started) {
                channel.join();
            }
            throw e;
        }
    }

    private Consumer<DirtyRecord> dirtyRecords(Optional<DirtyRecordFile> file) {
        return dirty -> {
            WriteTarget target = plan.targets().get(dirty.table());
            long count = dirtyTold.incrementAndGet();
            if (count <= DIRTY_LOGGED) {
                LOG.warn("dirty record for {}: {}", plan.way(dirty.table()), telling.message(dirty));
            } else if (count == DIRTY_LOGGED + 1) {
                LOG.warn("more dirty records follow; --dirty FILE keeps them all");
            }
            file.ifPresent(f -> f.add(
                    target.accepted().table().toString(), target.target(), telling.forFile(dirty, target.accepted())));
        };
    }

    /** Every record that was read must have been booked as written, dirty or skipped by the target. */
    private void reconcile() {
        Progress end = progress();
        long skipped = tables.stream().mapToLong(t -> t.skippedRecords.sum()).sum();
        if (end.readRecords() != end.writtenRecords() + end.dirtyRecords() + skipped) {
            throw TransvaseException.of(
                    RECORDS_UNACCOUNTED,
                    "read " + end.readRecords() + " records, but " + end.writtenRecords() + " were written, "
                            + end.dirtyRecords() + " were dirty and " + skipped
                            + " were skipped by the target; compare the tables before you rely on this run",
                    null);
        }
    }

    private JobReport report(Optional<Throwable> failure) {
        Status status = failure.isPresent() ? Status.FAILED : state.stopped() ? Status.STOPPED : Status.SUCCEEDED;
        List<JobReport.Table> reported = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            WriteTarget target = plan.targets().get(i);
            TableCounters counters = tables.get(i);
            reported.add(new JobReport.Table(
                    target.accepted().table().toString(),
                    target.target(),
                    new Amount(counters.readRecords.sum(), counters.readBytes.sum()),
                    new Amount(counters.writtenRecords.sum(), counters.writtenBytes.sum()),
                    counters.dirtyRecords.sum(),
                    counters.skippedRecords.sum(),
                    target.repeats()));
        }
        return new JobReport(
                plan.job().name(),
                status,
                startedAt,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos),
                plan.channels(),
                plan.splits().size(),
                reported,
                durablePosition(),
                failure.map(this::reported),
                plan.leftOut(),
                warnings(),
                warningCounts());
    }

    private Optional<JobReport.StreamPosition> durablePosition() {
        return Optional.ofNullable(durable)
                .map(position -> new JobReport.StreamPosition(
                        plan.changes().map(ChangeStream::positionKey).orElse("position"), position.description()));
    }

    private List<WarningCount> warningCounts() {
        WarningCounts before = new WarningCounts();
        plan.warnings().forEach(warning -> before.add(warning.toString()));
        List<WarningCount> counts = new ArrayList<>(before.counts());
        counts.addAll(plan.notices().counts());
        return counts;
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        plan.warnings().forEach(warning -> warnings.add(warning.toString()));
        warnings.addAll(plan.notices().all());
        return warnings;
    }

    private Failure reported(Throwable failure) {
        Failure of = Failure.of(failure);
        String message = ConnectionAdvice.fitting(
                of.message(), plan.job().reader(), plan.job().writer());
        Failure reported = new Failure(of.code(), of.type(), message, of.targetChanged());
        if (begun && plan.writer().mayHaveChanged()) {
            reported = reported.afterChange();
        }
        return repeats() ? reported.withAdvice(BEFORE_ANOTHER_RUN) : reported;
    }

    /** Whether another run would write once more what this one has written. */
    private boolean repeats() {
        return IntStream.range(0, tables.size())
                .anyMatch(i -> plan.targets().get(i).repeats()
                        && tables.get(i).writtenRecords.sum() > 0);
    }
}
