package dev.transvase.postgresql.copy;

import static dev.transvase.postgresql.error.PostgresErrors.READ_FAILED;
import static dev.transvase.postgresql.error.PostgresErrors.TABLE_REWRITTEN;
import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.QueryDescription;
import dev.transvase.postgresql.retry.Backoff;
import dev.transvase.postgresql.split.ReadTask;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.transaction.ReadErrors;
import dev.transvase.postgresql.transaction.ReadSessions;
import dev.transvase.postgresql.transaction.RowErrors;
import dev.transvase.postgresql.transaction.Savepoints;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Position;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Schema;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a split with {@code COPY ... TO STDOUT (FORMAT binary)}. One message of the server is one row, laid out as a
 * record is; it is appended as it came.
 *
 * <p>The driver has no read that ends in time: connecting, locks, the server's first bytes and the rest of a message that
 * has come in part all block. So a thread of its own does all that, from the first poll to the end of the split, at most
 * two batches ahead. A poll takes a full batch from it or, when its time is up, the rows there are. {@link #cancel} has the
 * server cancel the statement and closes the socket, which ends whatever that thread waits for.
 */
public final class CopySplitReader implements SplitReader, RowSink {

    private static final Logger log = LoggerFactory.getLogger(CopySplitReader.class);

    /** After the last record, the only place in a split from which reading can go on: the rows of a table have no order. */
    public static final Position END = Position.of(new byte[] {1}, "end");

    private static final int BATCH_BYTES = 1 << 20;
    private static final int BATCHES_AHEAD = 2;
    private static final int UNREADABLE_AHEAD = 100;
    private static final int ATTEMPTS = 5;
    private static final String BEFORE_ROWS = "SAVEPOINT transvase_split";
    private static final String BACK_BEFORE_ROWS = "ROLLBACK TO SAVEPOINT transvase_split";
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(800);
    private static final long CLOSE_MILLIS = 2000;

    private final ReadSessions sessions;
    private final ReadTask task;
    private final Schema schema;
    private final int fetchSize;

    /** Guards all below but what only polls touch; notified of a full batch, of room for one, of the end, of failure. */
    private final Object lock = new Object();

    private final RecordBatchBuilder builder;
    private final Queue<RecordBatch> full = new ArrayDeque<>();
    private final Queue<DirtyRecord> unreadable = new ArrayDeque<>();

    /** What was read; null once it is read with care, which keeps account of it. */
    private RowPrefix read = new RowPrefix();

    /** Null before it has been borrowed and after it was given back: only then another split may have it. */
    private PostgresSession session;

    private boolean ended;
    private boolean cancelled;
    private boolean closed;
    private TransvaseException failure;

    /** Null until the first poll; touched by polls only. */
    private Thread reading;

    /** Guarded by the lock: whether a record was handed on, or reported as unreadable. */
    private boolean handedOn;

    /** Guarded by the lock: what the end of the last batch allows. */
    private BatchEnd end = BatchEnd.commitPoint();

    public CopySplitReader(ReadSessions sessions, ReadTask task, Schema schema, int fetchSize, Position position) {
        this.sessions = sessions;
        this.task = task;
        this.schema = schema;
        this.fetchSize = fetchSize;
        this.builder = new RecordBatchBuilder(schema);
        this.ended = position.equals(END);
    }

    @Override
    public Optional<RecordBatch> poll(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (lock) {
            if (reading == null && !ended) {
                reading = new Thread(this::read, Thread.currentThread().getName() + " copy");
                reading.setDaemon(true);
                reading.start();
            }
            awaitBatch(deadline);
            if (cancelled) {
                throw cancelledException();
            } else if (failure != null) {
                throw failure;
            }
            RecordBatch batch = full.poll();
            lock.notifyAll();
            if (batch == null && builder.size() > 0) {
                batch = build();
            }
            if (batch != null) {
                handedOn = true;
                end = drained() ? BatchEnd.resumeAt(END) : BatchEnd.commitPoint();
            }
            return Optional.ofNullable(batch);
        }
    }

    private RecordBatch build() {
        RecordBatch batch = builder.build();
        if (read != null) {
            read.add(batch);
        }
        return batch;
    }

    private void awaitBatch(long deadline) {
        try {
            while (full.isEmpty() && unreadable.isEmpty() && !ended && !cancelled && failure == null) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                TimeUnit.NANOSECONDS.timedWait(lock, Math.max(left, 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelledException();
        }
    }

    /**
     * The reading thread's work. A connection that is lost before the first record was handed on is replaced: the same
     * records come over another, as long as the snapshot is there.
     */
    private void read() {
        try {
            Backoff backoff = Backoff.times(ATTEMPTS - 1, SHORTEST_PAUSE, LONGEST_PAUSE);
            TransvaseException failed = readOnce();
            while (failed != null) {
                if (!SqlErrors.isPassing(failed) || !startAnew(failed, backoff)) {
                    fail(failed);
                    return;
                }
                failed = readOnce();
            }
        } catch (OutOfMemoryError e) {
            fail(ReadErrors.outOfMemory("reading " + task.label(), e));
        } catch (InterruptedException | RuntimeException | Error e) {
            fail(TransvaseException.of(READ_FAILED, "reading " + task.label() + " failed: " + e, e));
        }
    }

    /** Returns null when all has been read. */
    private TransvaseException readOnce() throws InterruptedException {
        try {
            copy(begin());
            return null;
        } catch (SQLException e) {
            return ReadErrors.translate(e, "reading " + task.label());
        } catch (TransvaseException e) {
            return e;
        }
    }

    /** Forgets what was read and waits a while; false when that cannot be, or nobody waits for the records any more. */
    private boolean startAnew(TransvaseException failed, Backoff backoff) throws InterruptedException {
        Optional<Duration> wait = backoff.failed();
        synchronized (lock) {
            if (wait.isEmpty() || handedOn || cancelled || closed) {
                return false;
            }
            log.warn(
                    "{}; nothing was read yet, retrying in {} ms ({} of {})",
                    failed.getMessage(),
                    wait.get().toMillis(),
                    backoff.failures(),
                    ATTEMPTS - 1);
            full.clear();
            builder.build();
            unreadable.clear();
            read = new RowPrefix();
            if (session != null) {
                session.close();
                session = null;
            }
            long deadline = System.nanoTime() + wait.get().toNanos();
            long left = deadline - System.nanoTime();
            while (left > 0 && !cancelled && !closed) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
                left = deadline - System.nanoTime();
            }
            return !cancelled && !closed;
        }
    }

    private void fail(TransvaseException e) {
        synchronized (lock) {
            failure = e;
            lock.notifyAll();
        }
    }

    private PostgresSession begin() {
        synchronized (lock) {
            if (session != null) {
                session.close();
                session = null;
            }
        }
        PostgresSession borrowed = sessions.borrow(task.snapshot());
        synchronized (lock) {
            if (cancelled || closed) {
                borrowed.close();
                throw cancelledException();
            }
            session = borrowed;
        }
        return borrowed;
    }

    private void copy(PostgresSession first) throws SQLException, InterruptedException {
        String select = task.select(schema);
        boolean own = task.snapshot().isEmpty();
        PostgresSession borrowed = first;
        for (int attempt = 1; ; attempt++) {
            // Describing it takes the lock under which nothing changes until the transaction ends.
            task.requireTypes(schema, QueryDescription.types(borrowed, select));
            if (own) {
                ReadSessions.hold(borrowed, List.of(select)); // what is below the table too
            }
            // A savepoint behind the lock, and before anything that may fail: the snapshot outlives a failure.
            if (!own || !new Savepoints(borrowed).holdsWhatWasRewritten(BEFORE_ROWS)) {
                break;
            }
            if (attempt == ATTEMPTS) {
                throw TransvaseException.of(
                        TABLE_REWRITTEN,
                        "reading " + task.label() + ": the table was truncated or rewritten " + attempt
                                + " times before the read could start; run the job again",
                        null);
            }
            borrowed = begin();
        }
        try {
            CopyRows.read(
                    borrowed, select, task.label(), (message, start) -> row(message, start, message.length - start));
        } catch (SQLException e) {
            if (!RowErrors.isOfRow(e)) {
                throw e;
            }
            readWithCare(own ? borrowed : begin(), e);
            return;
        }
        done(borrowed);
    }

    /** The rows that come after those that were handed on, but for the ones that cannot be read. */
    private void readWithCare(PostgresSession careful, SQLException failure) throws SQLException, InterruptedException {
        log.warn(
                "{}: a row cannot be read: {}; looking for it and reading the others",
                task.label(),
                SqlErrors.message(failure));
        RowPrefix before;
        synchronized (lock) {
            if (!handedOn) {
                full.clear();
                builder.build();
                read = new RowPrefix();
            } else if (builder.size() > 0) {
                handOn();
            }
            before = read;
            read = null;
        }
        if (task.snapshot().isEmpty()) {
            new Savepoints(careful).execute(BACK_BEFORE_ROWS);
        }
        new CarefulRead(new Savepoints(careful), task, schema, before, failure).run(this);
        done(careful);
    }

    private void done(PostgresSession borrowed) {
        synchronized (lock) {
            session = null;
        }
        sessions.giveBack(borrowed, task.snapshot());
        synchronized (lock) {
            ended = true;
            lock.notifyAll();
        }
    }

    @Override
    public void row(byte[] message, int start, int length) throws InterruptedException {
        synchronized (lock) {
            while (full.size() >= BATCHES_AHEAD && !cancelled && !closed) {
                lock.wait();
            }
            if (builder.size() > 0 && builder.bytes() + length > BATCH_BYTES) {
                handOn();
            }
            builder.appendRecord(message, start, length);
            if (builder.size() >= fetchSize || builder.bytes() >= BATCH_BYTES) {
                handOn();
            }
        }
    }

    private void handOn() {
        synchronized (lock) {
            full.add(build());
            lock.notifyAll();
        }
    }

    @Override
    public void unreadable(DirtyRecord row) throws InterruptedException {
        synchronized (lock) {
            while (unreadable.size() >= UNREADABLE_AHEAD && !cancelled && !closed) {
                lock.wait();
            }
            unreadable.add(row);
            lock.notifyAll();
        }
    }

    @Override
    public List<DirtyRecord> unreadable() {
        synchronized (lock) {
            List<DirtyRecord> found = List.copyOf(unreadable);
            unreadable.clear();
            if (!found.isEmpty()) {
                handedOn = true;
                lock.notifyAll();
            }
            return found;
        }
    }

    private TransvaseException cancelledException() {
        return TransvaseException.of(CANCELLED, "reading " + task.label() + " was cancelled", null);
    }

    @Override
    public boolean finished() {
        synchronized (lock) {
            return drained() && unreadable.isEmpty();
        }
    }

    private boolean drained() {
        synchronized (lock) {
            return ended && full.isEmpty() && builder.size() == 0;
        }
    }

    @Override
    public BatchEnd end() {
        synchronized (lock) {
            return end;
        }
    }

    @Override
    public void cancel() {
        synchronized (lock) {
            cancelled = true;
            lock.notifyAll();
            if (session != null) {
                session.cancel();
            }
        }
    }

    /** Ends an unfinished COPY by closing its connection: the rest of the rows is not read. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
            if (session != null) {
                if (failure == null) {
                    session.cancel();
                }
                session.close();
                session = null;
            }
        }
        awaitEnd();
    }

    /** The plugin's classes may be gone after this, which the reading thread must not meet. Connecting alone holds it up. */
    private void awaitEnd() {
        if (reading != null) {
            try {
                reading.join(CLOSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
