package dev.transvase.postgresql.cdc.stream;

import static dev.transvase.postgresql.cdc.error.CdcErrors.TABLE_TRUNCATED;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.postgresql.cdc.pgoutput.ChangeHandler;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.pgoutput.PgOutputDecoder;
import dev.transvase.postgresql.cdc.pgoutput.Relation;
import dev.transvase.postgresql.cdc.pgoutput.Tuple;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import dev.transvase.postgresql.cdc.source.StreamedTruncates.Truncate;
import dev.transvase.postgresql.cdc.table.TableFeed;
import dev.transvase.postgresql.cdc.table.TableFeeds;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes batches of what a stream tells, each of one table, and knows where the stream goes on after each. Used by one thread.
 *
 * <p>The boundary is where the stream is taken up again: behind the last transaction that was read to its end. Of one that was
 * interrupted, the changes that have been passed on already are skipped the second time; the server sends them in
 * the same order.
 */
final class StreamBatches implements ChangeHandler {

    private final TableFeeds feeds;
    private final BatchBuffer buffer;
    private final SpilledTransactions spilled;
    private final PositionContext context;
    private final StreamProgress progress;
    private final Reading reading;
    private final Ddl ddl;
    private final long systemId;
    private final Optional<Lsn> stop;
    private final PgOutputDecoder decoder = new PgOutputDecoder();
    private final CurrentTransaction transaction = new CurrentTransaction();
    private final GatheredRecords records = new GatheredRecords();
    private final DescribedPartitions partitions = new DescribedPartitions();

    private long announcedNanos = System.nanoTime();

    /** Whether a transaction has come that is not to be read. */
    private boolean ended;

    /** Whether a relation could not be described: nothing more is taken in until the stream is taken up again. */
    private boolean cut;

    /** What the server sends in a block of a transaction in progress goes to its file; 0 outside of such a block. */
    private int streamedXid;

    /** When the message that is being taken in was read, in the clock of {@link System#nanoTime}. */
    private long nowNanos;

    /** The reading that this is part of, called on its thread. */
    interface Reading {

        /** Is called now and then while nothing is read, for however long. */
        void stillHere();

        /** Whether the connection was lost while nothing was read. */
        boolean broken();

        /** Whether it is to end. */
        boolean hasEnded();

        /** Nobody wants any more. */
        void end();
    }

    /**
     * @param context what is stored with positions
     * @param progress receives how far the stream has been read
     */
    StreamBatches(
            StreamPump.Settings settings,
            TableFeeds feeds,
            BatchBuffer buffer,
            SpilledTransactions spilled,
            PositionContext context,
            StreamProgress progress,
            Reading reading) {
        this.ddl = settings.ddl();
        this.systemId = settings.systemId();
        this.stop = settings.end().before();
        this.feeds = feeds;
        this.buffer = buffer;
        this.spilled = spilled;
        this.context = context;
        this.progress = progress;
        this.reading = reading;
    }

    /** Whether a transaction has come that is not to be read, so that all before it has. */
    boolean ended() {
        return ended;
    }

    /** The stream is taken up at the boundary, over a new connection. */
    void takenUp() {
        transaction.takenUp();
        cut = false;
        streamedXid = 0;
        feeds.reconnected();
        partitions.clear();
        spilled.clear();
    }

    /**
     * Takes a message in. Blocks while the buffer is full.
     *
     * @param now when it was read, in the clock of {@link System#nanoTime}
     * @return false when nothing more can be taken in over this connection, since a relation could not be described: because the
     *     connection was lost meanwhile, because the reading is to end, or because the stream has to be sent as text from the
     *     boundary, which the feeds tell
     * @throws SQLException when what the message is of had to be asked of the server, which did not answer
     */
    boolean accept(ByteBuffer message, long now) throws SQLException, InterruptedException {
        if (ended) {
            return true;
        }
        nowNanos = now;
        byte type = message.get(message.position());
        if (streamedXid != 0 && PgOutputDecoder.carriesXid(type)) {
            spilled.add(streamedXid, message);
            return true;
        }
        decoder.decode(message, false, this);
        return !cut;
    }

    /** See {@link GatheredRecords#haveWaited}. */
    boolean haveWaited(long now) {
        return records.haveWaited(now, betweenTransactions());
    }

    /** See {@link GatheredRecords#haveWaitedInQuiet}. */
    boolean haveWaitedInQuiet(long quietNanos) {
        return records.haveWaitedInQuiet(quietNanos, betweenTransactions());
    }

    /** Whether nothing of a transaction has been handed on whose end has not been read. */
    boolean betweenTransactions() {
        return transaction.none();
    }

    /** All up to here has been sent. What lies between was of no concern, if nothing is under way. */
    void nothingUpTo(Lsn sent) {
        if (!ended && records.none() && betweenTransactions()) {
            progress.nothingUpTo(sent);
        }
    }

    /** Tells the position without a record, if it is another one and none was reported for that long. May block as {@link #accept}. */
    void announceAfter(Duration silence) throws InterruptedException {
        if (records.none()
                && betweenTransactions()
                && progress.isAhead()
                && System.nanoTime() - announcedNanos >= silence.toNanos()) {
            announce();
        }
    }

    /** Tells the position without a record. May block as {@link #accept}. */
    void announce() throws InterruptedException {
        put(new RecordBatchBuilder(feeds.anySchema()).build(), resumePoint());
    }

    private BatchEnd resumePoint() {
        return BatchEnd.resumeAt(
                new StreamPosition(true, progress.boundary(), systemId, context.toBytes()).toPosition());
    }

    /**
     * Hands on the records there are. They end with a transaction when none is being read that has any among them. May block
     * as {@link #accept}.
     */
    void handOn() throws InterruptedException {
        if (records.none()) {
            return;
        }
        boolean whole = records.areWhole();
        RecordBatch batch = records.take();
        put(batch, whole ? resumePoint() : BatchEnd.withinTransaction());
    }

    private void put(RecordBatch batch, BatchEnd end) throws InterruptedException {
        if (end.resumePosition().isPresent()) {
            progress.announce();
            announcedNanos = System.nanoTime();
        }
        if (!buffer.put(batch, end, reading::stillHere)) {
            reading.end();
        }
    }

    @Override
    public void begin(Lsn at, long commitMicros, int id) {
        if (stop.isPresent() && !at.isBefore(stop.get())) {
            ended = true;
            return;
        }
        transaction.begin(id, at);
    }

    @Override
    public void commit(Lsn end, long micros) throws InterruptedException {
        transaction.end();
        records.committed();
        progress.committed(end, micros);
        feeds.atBoundary();
        if (records.none()) {
            // Its last records went on before its end was known. The writer keeps them back until it is.
            if (progress.unannounced()) {
                announce();
            }
        } else if (records.full()) {
            handOn();
        }
    }

    @Override
    public void relation(Relation relation) throws SQLException, InterruptedException {
        // Records of the relation as it was go first, at the position whose shapes are still the old ones.
        handOn();
        cut = !feeds.describe(relation, transaction.xid(), transaction.commit(), this::goesOn);
        if (!cut) {
            partitions.described(relation, feeds.feed(relation.oid()).isPresent());
        }
    }

    @Override
    public void insert(int relation, Tuple row) throws SQLException, InterruptedException {
        TableFeed feed = next(relation);
        if (feed != null) {
            feed.insert(row);
            appended(feed);
        }
    }

    @Override
    public void update(int relation, Old kind, Tuple old, Tuple row) throws SQLException, InterruptedException {
        TableFeed feed = next(relation);
        if (feed != null) {
            feed.update(kind, old, row);
            appended(feed);
        }
    }

    @Override
    public void delete(int relation, Old kind, Tuple old) throws SQLException, InterruptedException {
        TableFeed feed = next(relation);
        if (feed != null) {
            feed.delete(kind, old);
            appended(feed);
        }
    }

    @Override
    public void truncate(int[] relations, boolean cascade, boolean restartIdentity)
            throws SQLException, InterruptedException {
        partitions.truncated(relations);
        for (int relation : relations) {
            TableFeed feed = next(relation);
            if (feed == null) {
                continue;
            }
            switch (ddl.truncate()) {
                case APPLY -> {
                    context.truncated(new Truncate(relation, transaction.xid()));
                    feed.truncate();
                    appended(feed);
                }
                case IGNORE ->
                    feeds.notices()
                            .warn(feed.schema().table() + " was truncated at the source; the target keeps its rows,"
                                    + " because ddl.truncate is ignore");
                case FAIL ->
                    throw TransvaseException.of(
                            TABLE_TRUNCATED,
                            feed.schema().table() + " was truncated at the source, which is not replicated. Set"
                                    + " ddl.truncate to apply, which empties the target, or to ignore, then run the"
                                    + " job again: nothing is lost, the stream resumes from here");
            }
        }
    }

    /** What is waited for may never come once the connection is lost: another server may answer by then. */
    private boolean goesOn() {
        reading.stillHere();
        return !reading.broken() && !reading.hasEnded();
    }

    /** The feed to append a change to; {@code null} when it is of no concern, or has been seen before. */
    private TableFeed next(int relation) throws SQLException, InterruptedException {
        if (!cut && feeds.isDue(relation, transaction.commit())) {
            handOn();
            cut = !feeds.describeDue(relation, transaction.xid(), transaction.commit(), this::goesOn);
        }
        if (cut) {
            return null;
        }
        for (Relation partition : partitions.changed(relation)) {
            context.streamed(new Streamed(relation, partition.oid(), partition.table(), transaction.xid()));
        }
        boolean seen = transaction.hasSeen();
        Optional<TableFeed> feed = feeds.feed(relation);
        if (seen) {
            feed.ifPresent(feeds::taken);
            return null;
        }
        if (feed.isEmpty()) {
            return null;
        }
        TableFeed found = feed.get();
        if (records.areOfOtherThan(found)) {
            handOn();
        }
        return found;
    }

    private void appended(TableFeed feed) throws InterruptedException {
        if (records.none()) {
            feeds.taken(feed);
            progress.hasRecords();
        }
        records.added(feed, nowNanos);
        if (records.full()) {
            handOn();
        }
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
    public void streamCommit(int id, Lsn at, Lsn end, long commitMicros) throws SQLException, InterruptedException {
        begin(at, commitMicros, id);
        if (ended) {
            return;
        }
        boolean whole = spilled.replay(id, message -> {
            if (reading.hasEnded()) {
                return false;
            }
            decoder.decode(message, true, this);
            reading.stillHere(); // it may be much
            return !cut;
        });
        if (whole && !reading.hasEnded()) {
            commit(end, commitMicros);
        }
    }

    @Override
    public void streamAbort(int id, int subId) {
        spilled.rollBack(id, subId);
    }
}
