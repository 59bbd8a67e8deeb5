package dev.sluice.postgresql.cdc;

import dev.sluice.postgresql.SqlErrors;
import dev.sluice.postgresql.cdc.PostgresCdcParameters.Ddl;
import dev.sluice.spi.Position;
import dev.sluice.spi.RecordBatch;
import dev.sluice.spi.RecordBatchBuilder;
import dev.sluice.spi.SluiceException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a slot's stream, on a thread of its own, and makes batches of it. It never waits for a writer without telling the
 * server that it is alive, and takes up the stream again after it was lost.
 *
 * <p>The boundary is where the stream is taken up again: behind the last transaction that was read to its end. Of one that was
 * cut in its midst, the changes that have been handed on already are left out the second time; the server sends them in
 * the same order.
 */
final class StreamPump implements Runnable, ChangeHandler {

    private static final Logger log = LoggerFactory.getLogger(StreamPump.class);

    private static final int BATCH_RECORDS = 4096;
    private static final int BATCH_BYTES = 1 << 20;

    /** How long records wait for others to travel with, when the server has nothing more at the moment. */
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final StreamSource source;
    private final TableFeeds feeds;
    private final BatchBuffer buffer;
    private final SpilledTransactions spilled;
    private final Ddl ddl;
    private final long systemId;
    private final Duration heartbeat;
    private final Duration patience;
    private final StreamLosses losses;

    /** Where to end; empty to go on until cancelled. */
    private final Optional<Lsn> until;

    private final PgOutputDecoder decoder = new PgOutputDecoder(this);
    private final CountDownLatch ended = new CountDownLatch(1);

    /** The connection in use, or {@code null}. Written by the pump's thread. */
    private volatile ReplicationStream stream;

    /** What the writer has made durable. Written by any thread. */
    private volatile Lsn durable;

    /** When the last transaction that was read was committed, in microseconds since 2000; 0 before the first. */
    private volatile long committedMicros;

    /** Behind the last transaction that was read to its end. */
    private volatile Lsn boundary;

    /** What the records handed on last were told to be. */
    private Lsn announced;

    private long announcedNanos = System.nanoTime();

    /** What the server sends in a block of a transaction in progress goes to its file; 0 outside of such a block. */
    private int streamedXid;

    /** The transaction that is being read; 0 between two. */
    private int xid;

    /** How many changes of it have been seen. */
    private long changes;

    /** How many of these were seen over a connection that was lost, and are to be left out when they come again. */
    private long seenBefore;

    /** Of which transaction. */
    private int seenXid;

    /** The feed that has records which have not been handed on, or {@code null}. */
    private TableFeed open;

    /** How many of these are of the transaction that is being read. */
    private int openInTransaction;

    private long messageNanos;

    /** For how long the server was heard of over the last connection. */
    private Duration heard = Duration.ZERO;

    /** What went wrong with the connection while it was not being read, or {@code null}. */
    private SQLException broken;

    private StreamPump(Builder b) {
        this.source = b.source;
        this.feeds = b.feeds;
        this.buffer = b.buffer;
        this.spilled = b.spilled;
        this.ddl = b.ddl;
        this.systemId = b.systemId;
        this.heartbeat = b.heartbeat;
        this.patience = b.patience;
        this.losses = new StreamLosses(b.patience, System::nanoTime);
        this.until = b.until;
        this.boundary = b.start;
        this.durable = b.start;
        this.announced = Lsn.NONE;
    }

    /** What a pump is made of. */
    static final class Builder {
        StreamSource source;
        TableFeeds feeds;
        BatchBuffer buffer;
        SpilledTransactions spilled;
        Ddl ddl;
        long systemId;
        Duration heartbeat;
        Duration patience;
        Optional<Lsn> until = Optional.empty();
        Lsn start;

        StreamPump build() {
            return new StreamPump(this);
        }
    }

    /** The writer has made all up to here durable. Called from any thread. */
    void acknowledge(Lsn upTo) {
        durable = Lsn.later(durable, upTo);
    }

    /** Behind the last transaction that was read. Called from any thread. */
    Lsn boundary() {
        return boundary;
    }

    /** When the last transaction that was read was committed, in microseconds since 2000; 0 before the first. */
    long committedMicros() {
        return committedMicros;
    }

    /** Ends the work soon. Called from any thread; does not wait for it. */
    void cancel() {
        ended.countDown();
        buffer.end();
        ReplicationStream current = stream;
        if (current != null) {
            current.abort();
        }
    }

    /** Ends the work in order: what is durable is told to the server first. Called from any thread; does not wait. */
    void finish() {
        ended.countDown();
        buffer.end();
    }

    private boolean hasEnded() {
        return ended.getCount() == 0;
    }

    @Override
    public void run() {
        try (spilled) {
            announce();
            while (!hasEnded()) {
                Lsn before = boundary;
                try {
                    follow();
                } catch (TableFeeds.TextWantedException e) {
                    log.info("{}; the stream goes on as text", e.getMessage());
                } catch (SQLException e) {
                    if (hasEnded()) {
                        break;
                    }
                    pause(e, !boundary.equals(before));
                }
            }
        } catch (SluiceException e) {
            buffer.fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            buffer.fail(SluiceException.external("CANCELLED", "following the changes was interrupted", e));
        } catch (RuntimeException | Error e) {
            buffer.fail(SluiceException.internal("STREAM_FAILED", "following the changes failed: " + e, e));
        } finally {
            buffer.end();
        }
    }

    /** Waits before the stream is taken up again, if it is. */
    private void pause(SQLException loss, boolean forward) throws InterruptedException {
        if (!mayBeTriedAgain(loss)) {
            throw ended(loss, "");
        }
        Optional<Duration> pause = losses.lost(forward, heard);
        if (pause.isEmpty()) {
            throw ended(loss, "; given up after " + patience.toSeconds() + " s (reconnectSeconds)");
        }
        long millis = pause.get().toMillis();
        log.warn(
                "the change stream was lost: {}; trying again from {} in {} ms",
                SqlErrors.message(loss),
                boundary,
                millis);
        ended.await(millis, TimeUnit.MILLISECONDS);
    }

    /** A slot that is in use is let go of by a server that notices the end of the session before. */
    private static boolean mayBeTriedAgain(SQLException e) {
        String state = SqlErrors.sqlState(e);
        return SqlErrors.isRetryable(e) || state.equals("55006") || state.equals("53300") || state.startsWith("57P");
    }

    private static SluiceException ended(SQLException loss, String after) {
        SluiceException told = SqlErrors.translate(loss, "following the changes");
        return SluiceException.external(
                told.code(),
                told.getMessage() + after + ". The next run goes on from what is durable at the target",
                loss);
    }

    /** Reads over one connection until there is reason to end, or it is lost. */
    private void follow() throws SQLException, InterruptedException {
        begin();
        try (ReplicationStream current = source.follow(boundary, feeds.binary())) {
            stream = current;
            read(current);
        } finally {
            stream = null;
        }
    }

    private void read(ReplicationStream current) throws SQLException, InterruptedException {
        try {
            while (!hasEnded()) {
                ByteBuffer message = current.poll();
                if (message == null) {
                    idle(current);
                } else {
                    messageNanos = System.nanoTime();
                    accept(message);
                }
                if (broken != null) {
                    throw broken;
                }
                if (until.isPresent() && betweenTransactions() && !boundary.isBefore(until.get())) {
                    complete(current);
                }
                current.keepAlive(durable, true);
            }
            current.confirm(durable);
        } finally {
            heard = current.heardFor();
        }
    }

    private void begin() {
        if (xid != 0) {
            seenBefore = xid == seenXid ? Math.max(changes, seenBefore) : changes;
            seenXid = xid;
        }
        xid = 0;
        changes = 0;
        streamedXid = 0;
        broken = null;
        heard = Duration.ZERO;
        feeds.reconnected();
        spilled.clear();
    }

    private void accept(ByteBuffer message) throws SQLException {
        byte type = message.get(message.position());
        if (streamedXid != 0 && PgOutputDecoder.carriesXid(type)) {
            spilled.add(streamedXid, message);
            return;
        }
        try {
            decoder.decode(message, false);
        } catch (TypeLookup.UnansweredException e) {
            throw e.reason();
        }
    }

    /** The server has nothing at the moment. */
    private void idle(ReplicationStream current) throws InterruptedException {
        long now = System.nanoTime();
        if (open != null && now - messageNanos >= LINGER_NANOS) {
            handOn();
        }
        if (open != null || !betweenTransactions()) {
            return;
        }
        if (boundary.isBefore(current.sentTo())) {
            boundary = current.sentTo(); // what lies between was of no concern
        }
        if (announced.isBefore(boundary) && now - announcedNanos >= heartbeat.toNanos()) {
            announce();
        }
    }

    /** Whether nothing of a transaction has been handed on whose end has not been read. */
    private boolean betweenTransactions() {
        return xid == 0 && seenBefore == 0;
    }

    /** All that was asked for has been read. The connection stays until it is durable, so that it can be confirmed. */
    private void complete(ReplicationStream current) throws InterruptedException {
        handOn();
        announce();
        buffer.end();
        while (durable.isBefore(announced) && !ended.await(10, TimeUnit.MILLISECONDS)) {
            keepAlive(current);
        }
        ended.countDown();
    }

    /** Tells the position without a record. */
    private void announce() throws InterruptedException {
        put(new RecordBatchBuilder(feeds.anySchema()).build(), position());
    }

    private Position position() {
        return new StreamPosition(true, boundary, systemId, feeds.context()).toPosition();
    }

    /** Hands on the records there are. They end with a transaction when none is being read that has any among them. */
    private void handOn() {
        if (open == null) {
            return;
        }
        TableFeed full = open;
        boolean whole = openInTransaction == 0;
        open = null;
        openInTransaction = 0;
        try {
            put(full.build(), whole ? position() : Position.MIDST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SluiceException.external("CANCELLED", "following the changes was interrupted", e);
        }
    }

    private void put(RecordBatch batch, Position position) throws InterruptedException {
        if (position.resumable()) {
            announced = boundary;
            announcedNanos = System.nanoTime();
        }
        if (!buffer.put(batch, position, () -> keepAlive(stream))) {
            ended.countDown();
        }
    }

    /** The connection must not end what is under way: it is looked at when that is done. */
    private void keepAlive(ReplicationStream current) {
        if (current == null || broken != null) {
            return;
        }
        try {
            current.keepAlive(durable, false);
        } catch (SQLException e) {
            broken = e;
        }
    }

    @Override
    public void begin(Lsn commit, long commitMicros, int id) {
        xid = id;
        changes = 0;
        if (seenBefore > 0 && id != seenXid) {
            throw new IllegalStateException("the stream was taken up with transaction " + Integer.toUnsignedString(id)
                    + " where " + Integer.toUnsignedString(seenXid) + " was under way");
        }
    }

    @Override
    public void commit(Lsn end, long micros) {
        committed(end, micros);
    }

    private void committed(Lsn end, long micros) {
        xid = 0;
        changes = 0;
        seenBefore = 0;
        openInTransaction = 0;
        boundary = end;
        committedMicros = micros;
        if (open != null && full(open)) {
            handOn();
        }
    }

    @Override
    public void relation(Relation relation) {
        // Records of the relation as it was go first, at the position whose shapes are still the old ones.
        if (open != null) {
            handOn();
        }
        feeds.describe(relation);
    }

    @Override
    public void insert(int relation, Tuple row) {
        TableFeed feed = next(relation);
        if (feed != null) {
            feed.insert(row);
            appended(feed);
        }
    }

    @Override
    public void update(int relation, Old kind, Tuple old, Tuple row) {
        TableFeed feed = next(relation);
        if (feed != null) {
            feed.update(kind, old, row);
            appended(feed);
        }
    }

    @Override
    public void delete(int relation, Old kind, Tuple old) {
        TableFeed feed = next(relation);
        if (feed != null) {
            feed.delete(kind, old);
            appended(feed);
        }
    }

    @Override
    public void truncate(int[] relations, boolean cascade, boolean restartIdentity) {
        for (int relation : relations) {
            TableFeed feed = next(relation);
            if (feed == null) {
                continue;
            }
            switch (ddl.truncate()) {
                case APPLY -> {
                    feed.truncate();
                    appended(feed);
                }
                case IGNORE ->
                    log.warn(
                            "{} was truncated at the source; the target keeps its rows",
                            feed.schema().table());
                case FAIL ->
                    throw SluiceException.user(
                            "TABLE_TRUNCATED",
                            feed.schema().table() + " was truncated at the source, which is not carried over."
                                    + " Set ddl.truncate to apply, which empties the target, or to ignore, then run"
                                    + " again: nothing is lost, the stream goes on from here");
            }
        }
    }

    /** The feed to append a change to; {@code null} when it is of no concern, or has been seen before. */
    private TableFeed next(int relation) {
        changes++;
        if (changes <= seenBefore) {
            return null;
        }
        Optional<TableFeed> feed = feeds.feed(relation);
        if (feed.isEmpty()) {
            return null;
        }
        TableFeed found = feed.get();
        if (open != null && open != found) {
            handOn();
        }
        return found;
    }

    private void appended(TableFeed feed) {
        open = feed;
        openInTransaction++;
        if (full(feed)) {
            handOn();
        }
    }

    private static boolean full(TableFeed feed) {
        return feed.size() >= BATCH_RECORDS || feed.bytes() >= BATCH_BYTES;
    }

    @Override
    public void streamStart(int id, boolean first) {
        streamedXid = id;
    }

    @Override
    public void streamStop() {
        streamedXid = 0;
    }

    @Override
    public void streamCommit(int id, Lsn end, long commitMicros) {
        begin(end, commitMicros, id);
        spilled.replay(id, message -> {
            if (!hasEnded()) {
                decoder.decode(message, true);
                keepAlive(stream); // nothing is read meanwhile, and it may be much
            }
        });
        if (!hasEnded()) {
            committed(end, commitMicros);
        }
    }

    @Override
    public void streamAbort(int id, int subId) {
        spilled.rollBack(id, subId);
    }
}
