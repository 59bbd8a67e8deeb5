package dev.transvase.core.run;

import dev.transvase.core.run.Progress.Waiting;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.Lag;
import dev.transvase.spi.Position;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane of a job: a thread that reads splits, taking the next one whenever it is done with one, and a thread that
 * writes what was read, with a bounded queue between them.
 */
final class Channel {

    private static final Logger LOG = LoggerFactory.getLogger(Channel.class);
    private static final Duration POLL = Duration.ofMillis(200);

    /** What takes less is the usual give and take. */
    private static final long A_WHILE_NANOS = Duration.ofSeconds(2).toNanos();

    private final JobPlan plan;
    private final SplitQueue splits;
    private final SpeedLimit speedLimit;
    private final List<TableCounters> tables;
    private final ChangeCounters changes;
    private final WriteJournal journal;
    private final RunState state;
    private final Consumer<Position> durable;
    private final DeliveryQueue queue;
    private final FlushSchedule flushes;

    /** Reads; ends when no split is left. */
    private final Thread reading;

    /** Writes; ends when reading has and the queue is empty. */
    private final Thread writing;

    private volatile SplitReader openReader;
    private volatile ChannelWriter openWriter;

    /** How many records the split that is being read has had. For the reading thread. */
    private long records;

    /** What keeps the reading thread from going on, if anything does, and since when it may. */
    private volatile Waiting waiting = Waiting.SOURCE;

    private volatile long sinceNanos = System.nanoTime();

    Channel(
            int number,
            JobPlan plan,
            SplitQueue splits,
            SpeedLimit speedLimit,
            List<TableCounters> tables,
            ChangeCounters changes,
            WriteJournal journal,
            RunState state,
            Consumer<Position> durable,
            long queueBytes) {
        this.plan = plan;
        this.splits = splits;
        this.speedLimit = speedLimit;
        this.tables = tables;
        this.changes = changes;
        this.journal = journal;
        this.state = state;
        this.durable = durable;
        this.queue = new DeliveryQueue(queueBytes);
        this.flushes = plan.unbounded() ? FlushSchedule.ofChanges(Ticker.SYSTEM) : FlushSchedule.ofBatch(Ticker.SYSTEM);
        this.reading = new Thread(() -> guarded(this::read), "reader-" + number);
        this.writing = new Thread(() -> guarded(this::write), "writer-" + number);
    }

    void start() {
        reading.start();
        writing.start();
    }

    void join() throws InterruptedException {
        reading.join();
        writing.join();
    }

    /** How far the split that it reads is behind its source. */
    Optional<Lag> lag() {
        SplitReader reader = openReader;
        return reader == null ? Optional.empty() : reader.lag();
    }

    /** How often the connection of the split that it reads was lost and made again. */
    long reconnects() {
        SplitReader reader = openReader;
        return reader == null ? 0 : reader.reconnects();
    }

    /** Whether it has a split to read. */
    boolean reads() {
        return openReader != null;
    }

    /** What it has been waiting for, for a while; empty when it moves records. */
    Optional<Waiting> waiting() {
        Waiting now = waiting;
        boolean waits = now == Waiting.SPEED_LIMIT || System.nanoTime() - sinceNanos >= A_WHILE_NANOS;
        return waits ? Optional.of(now) : Optional.empty();
    }

    private void waitsFor(Waiting what) {
        waiting = what;
    }

    private void moved() {
        waiting = Waiting.SOURCE;
        sinceNanos = System.nanoTime();
    }

    /** Ends the waiting of both threads for each other. Called from any thread, once the state has ended. */
    void interrupt() {
        reading.interrupt();
        writing.interrupt();
    }

    /** Ends what both threads wait for outside. Called from any thread, once the state has ended. */
    void cancel() {
        SplitReader reader = openReader;
        if (reader != null) {
            cancel(reader::cancel);
        }
        ChannelWriter writer = openWriter;
        if (writer != null) {
            cancel(writer::cancel);
        }
    }

    /** A step that cannot be cancelled must not keep others from being. */
    private static void cancel(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.warn("cancelling failed", e);
        }
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            if (!state.ended()) {
                state.fail(e);
            }
        } catch (RuntimeException | Error e) {
            state.fail(e);
        }
    }

    private void read() throws InterruptedException {
        for (Split split = splits.next(); split != null && !state.finishing(); split = splits.next()) {
            Position start = plan.storedPosition(split);
            records = 0;
            SplitReader reader = open(split, start);
            try (reader) {
                openReader = reader;
                Acknowledgements acknowledgements = new Acknowledgements(reader, durable);
                read(reader, split, acknowledgements);
                if (plan.follows(split)) {
                    acknowledgements.awaitFlushed(); // what is durable is confirmed to the source before it is closed
                }
            } finally {
                openReader = null;
                changes.reconnected(reader.reconnects());
            }
            splits.done(split, records);
        }
        queue.end();
    }

    private SplitReader open(Split split, Position start) {
        try {
            return plan.reader().open(split, plan.schema(split), start);
        } catch (TransvaseException e) {
            throw located(e, split);
        }
    }

    /** The same failure with the table's way and the split in its message. */
    private TransvaseException located(TransvaseException e, Split split) {
        String way = split.table() == Split.MANY_TABLES ? "" : plan.way(split.table()) + ", ";
        return e.reworded(e.getMessage() + " [" + way + "split " + split.id() + ']');
    }

    private void read(SplitReader reader, Split split, Acknowledgements acknowledgements) throws InterruptedException {
        try {
            readAll(reader, split, acknowledgements);
        } catch (TransvaseException e) {
            TransvaseException reported = located(e, split);
            state.fail(reported); // now, since closing the reader may take its time
            throw reported;
        } catch (RuntimeException | Error e) {
            state.fail(e);
            throw e;
        }
    }

    private void readAll(SplitReader reader, Split split, Acknowledgements acknowledgements)
            throws InterruptedException {
        while (!reader.finished() && !state.finishing()) {
            Optional<RecordBatch> batch = reader.poll(POLL);
            if (batch.isPresent()) {
                moved();
            }
            if (batch.isPresent()) {
                deliver(batch.get(), split, reader.end(), acknowledgements);
            }
            bookUnreadable(reader, split);
        }
        bookUnreadable(reader, split);
    }

    private void bookUnreadable(SplitReader reader, Split split) {
        for (DirtyRecord unreadable : reader.unreadable()) {
            DirtyRecord dirty = split.table() == Split.MANY_TABLES ? unreadable : unreadable.withTable(split.table());
            tables.get(dirty.table()).readRecords.increment();
            records++;
            journal.dirty(dirty);
        }
    }

    private void deliver(RecordBatch batch, Split split, BatchEnd end, Acknowledgements acknowledgements)
            throws InterruptedException {
        TableCounters counters = tables.get(split.tableOf(batch));
        counters.readRecords.add(batch.changes());
        records += batch.changes();
        counters.readBytes.add(batch.bytes());
        if (plan.isOfChanges(split)) {
            changes.read(batch);
        }
        if (!speedLimit.limits() || batch.size() == 0) {
            put(new Delivery(batch, split, end, acknowledgements));
            return;
        }
        BatchEnd within = plan.follows(split) ? BatchEnd.withinTransaction() : BatchEnd.commitPoint();
        for (int from = 0, to; from < batch.size(); from = to) {
            to = speedLimit.pieceEnd(batch, from);
            RecordBatch piece = batch.slice(from, to);
            waitsFor(Waiting.SPEED_LIMIT);
            speedLimit.acquire(piece);
            moved();
            put(new Delivery(piece, split, to < batch.size() ? within : end, acknowledgements));
        }
    }

    private void put(Delivery delivery) throws InterruptedException {
        delivery.acknowledgements().delivered();
        waitsFor(Waiting.TARGET);
        queue.put(delivery);
        moved();
    }

    private void write() throws InterruptedException {
        try (ChannelWriter writer = plan.writer().open(journal)) {
            openWriter = writer;
            write(writer);
        } finally {
            openWriter = null;
        }
    }

    private void write(ChannelWriter writer) throws InterruptedException {
        try {
            Acknowledgements latest = null;
            while (!queue.drained() && !state.ended()) {
                Optional<Delivery> delivery = queue.take(flushes.patience());
                if (delivery.isPresent()) {
                    Delivery d = delivery.get();
                    writer.write(d.batch(), d.split(), d.end());
                    flushes.written();
                    latest = d.acknowledgements();
                    latest.written(d.end());
                }
                if (flushes.due(delivery.isEmpty())) {
                    writer.flush();
                    flushes.flushed();
                    latest.flushed();
                }
            }
            if (!state.ended()) {
                writer.flush();
            }
        } catch (RuntimeException | Error e) {
            state.fail(e); // now, since closing the writer may take its time
            throw e;
        }
    }
}
