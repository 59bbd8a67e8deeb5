package dev.transvase.postgresql.cdc.stream;

import static dev.transvase.postgresql.cdc.error.CdcErrors.TABLE_TRUNCATED;
import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.postgresql.cdc.pgoutput.ChangeHandler;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.pgoutput.PgOutputDecoder;
import dev.transvase.postgresql.cdc.pgoutput.Relation;
import dev.transvase.postgresql.cdc.pgoutput.Tuple;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.StoredContext;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.postgresql.cdc.source.StreamedTruncates;
import dev.transvase.postgresql.cdc.source.StreamedTruncates.Truncate;
import dev.transvase.postgresql.cdc.table.TableFeed;
import dev.transvase.postgresql.cdc.table.TableFeeds;
import dev.transvase.postgresql.cdc.table.TypeLookup;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes batches of what a stream tells, each of one table, and knows where the stream goes on after each. Used by one thread,
 * but for what is said to be asked from any.
 *
 * <p>The boundary is where the stream is taken up again: behind the last transaction that was read to its end. Of one that was
 * cut in its midst, the changes that have been handed on already are left out the second time; the server sends them in
 * the same order.
 */
final class StreamBatches implements ChangeHandler {

    private static final int BATCH_RECORDS = 4096;
    private static final int BATCH_BYTES = 1 << 20;

    /** How long records wait for others to travel with: with little of it, each transaction would travel alone. */
    private static final long WHOLE_LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long QUIET_LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long MOST_LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final TableFeeds feeds;
    private final BatchBuffer buffer;
    private final SpilledTransactions spilled;
    private final Ddl ddl;
    private final long systemId;
    private final Reading reading;
    private final PgOutputDecoder decoder = new PgOutputDecoder(this);

    /** Behind the last transaction that was read to its end. */
    private volatile Lsn boundary;

    /** When that was committed, in microseconds since 2000; 0 before the first. */
    private volatile long committedMicros;

    /** The last position that was handed on. */
    private volatile Lsn announced = Lsn.NONE;

    /** Whether records were read that no announced position covers yet, handed on or not. */
    private volatile boolean unannounced;

    private long announcedNanos = System.nanoTime();

    private final StreamedTruncates truncates = new StreamedTruncates();

    /** What is committed from there on is not read; {@code null} when all is. */
    private Lsn stop;

    /** Whether such a transaction has come. */
    private boolean ended;

    /** What is known of the source, to be stored. Written by any thread. */
    private volatile SourceFacts facts = SourceFacts.UNKNOWN;

    /** Of the server that the stream comes from. */
    private int timeline;

    /** What is stored with positions, and of what it was made. */
    private byte[] context;

    private byte[] contextShapes;
    private SourceFacts contextFacts;
    private List<Truncate> contextTruncates;
    private int contextTimeline;

    /** What the server sends in a block of a transaction in progress goes to its file; 0 outside of such a block. */
    private int streamedXid;

    /** The transaction that is being read; 0 between two. */
    private int xid;

    /** Where that is committed. */
    private Lsn commit = Lsn.NONE;

    /** How many changes of it have been seen. */
    private long changes;

    /** How many of these were seen over a connection that was lost, and are to be left out when they come again. */
    private long seenBefore;

    /** Of which transaction. */
    private int seenXid;

    /** The feed that has records which have not been handed on, or {@code null}. */
    private TableFeed open;

    /** When the first of these was read, in the clock of {@link System#nanoTime}. */
    private long openedNanos;

    /** When the message that is being taken in was read, in the same clock. */
    private long nowNanos;

    /** How many of these are of the transaction that is being read. */
    private int openInTransaction;

    /** The reading that this is part of, told on its thread. */
    interface Reading {

        /** Is called now and then while nothing is read, for however long. */
        void stillHere();

        /** What the connection was lost with while nothing was read; {@code null} while there is one. */
        SQLException broken();

        /** Whether it is to end. */
        boolean hasEnded();

        /** Nobody wants any more. */
        void end();

        /**
         * A position was handed on: when the writer has made it durable, the target has all up to there.
         *
         * @param committedMicros when the last transaction before it was committed, in microseconds since 2000; 0 before the
         *     first
         */
        void announced(Lsn position, long committedMicros);
    }

    /**
     * @param systemId of the source's cluster
     * @param start where the stream is taken up
     */
    StreamBatches(
            TableFeeds feeds,
            BatchBuffer buffer,
            SpilledTransactions spilled,
            Ddl ddl,
            long systemId,
            Lsn start,
            Reading reading) {
        this.feeds = feeds;
        this.buffer = buffer;
        this.spilled = spilled;
        this.ddl = ddl;
        this.systemId = systemId;
        this.boundary = start;
        this.reading = reading;
    }

    /** Behind the last transaction that was read. Asked from any thread. */
    Lsn boundary() {
        return boundary;
    }

    /** When the last transaction that was read was committed, in microseconds since 2000; 0 before the first. Likewise. */
    long committedMicros() {
        return committedMicros;
    }

    /** The last position that was handed on. Likewise. */
    Lsn announced() {
        return announced;
    }

    /** Whether records were read that no announced position covers yet. Likewise. */
    boolean unannounced() {
        return unannounced;
    }

    /** The truncates of whole tables that were read and that what is known of the source does not include. Likewise. */
    List<Truncate> truncates() {
        return truncates.list();
    }

    /** The stream is taken up where this was known. */
    void knownBefore(SourceFacts known, List<Truncate> truncated) {
        facts = known;
        truncated.forEach(truncates::add);
        truncates.explained(known.seen());
    }

    /** What is known of the source from now on, to be stored with the positions. Called from any thread. */
    synchronized void facts(SourceFacts known) {
        if (known.tellsMoreThan(facts)) {
            facts = known;
        }
        truncates.explained(known.seen());
    }

    /** What is known of the source. Asked from any thread. */
    SourceFacts facts() {
        return facts;
    }

    /** The stream comes from a server with this timeline, which knows all up to the boundary. */
    void timeline(int now) {
        timeline = now;
    }

    /** Nothing is to be read that is committed there or later. Called before the first message. */
    void endBefore(Lsn commit) {
        stop = commit;
    }

    /** Whether a transaction has come that is not to be read, so that all before it has. */
    boolean ended() {
        return ended;
    }

    /** The stream is taken up at the boundary, over a new connection. */
    void takenUp() {
        if (xid != 0) {
            seenBefore = xid == seenXid ? Math.max(changes, seenBefore) : changes;
            seenXid = xid;
        }
        xid = 0;
        changes = 0;
        streamedXid = 0;
        feeds.reconnected();
        spilled.clear();
    }

    /**
     * Takes a message in. Blocks while the buffer is full.
     *
     * @param now when it was read, in the clock of {@link System#nanoTime}
     * @throws SQLException when what it is of had to be asked of the server, which did not answer
     * @throws TableFeeds.TextWantedException when the stream has to be sent as text from here
     * @throws TypeLookup.StoppedException when the reading is to end while something is waited for
     */
    void accept(ByteBuffer message, long now) throws SQLException {
        if (ended) {
            return;
        }
        nowNanos = now;
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

    /**
     * Whether there are records that have waited long enough for others to travel with, while messages keep coming. Somebody waits
     * for those of whole transactions; those of one under way cannot be committed yet.
     */
    boolean haveWaited(long now) {
        return open != null && now - openedNanos >= (betweenTransactions() ? WHOLE_LINGER_NANOS : MOST_LINGER_NANOS);
    }

    /** The same, when no message has come for so long and the server has none at the moment. */
    boolean haveWaitedInQuiet(long quietNanos) {
        return open != null && (betweenTransactions() || quietNanos >= QUIET_LINGER_NANOS);
    }

    /** Whether nothing of a transaction has been handed on whose end has not been read. */
    boolean betweenTransactions() {
        return xid == 0 && seenBefore == 0;
    }

    /** All up to here has been sent. What lies between was of no concern, if nothing is under way. */
    void nothingUpTo(Lsn sent) {
        if (!ended && open == null && betweenTransactions() && boundary.isBefore(sent)) {
            boundary = sent;
        }
    }

    /** Tells the position without a record, if it is another one and none was told for so long. May block as {@link #accept}. */
    void announceAfter(Duration silence) throws InterruptedException {
        if (open == null
                && betweenTransactions()
                && announced.isBefore(boundary)
                && System.nanoTime() - announcedNanos >= silence.toNanos()) {
            announce();
        }
    }

    /** Tells the position without a record. May block as {@link #accept}. */
    void announce() throws InterruptedException {
        put(new RecordBatchBuilder(feeds.anySchema()).build(), resumePoint());
    }

    private BatchEnd resumePoint() {
        return BatchEnd.resumeAt(new StreamPosition(true, boundary, systemId, context()).toPosition());
    }

    private byte[] context() {
        byte[] shapes = feeds.context();
        // Before the facts: those include what is left out of the list meanwhile.
        List<Truncate> truncated = truncates.list();
        SourceFacts known = facts;
        int server = timeline;
        if (shapes != contextShapes
                || !known.equals(contextFacts)
                || server != contextTimeline
                || !truncated.equals(contextTruncates)) {
            context = StoredContext.toBytes(shapes, known, server, feeds.targets(), truncated, feeds.copies());
            contextTimeline = server;
            contextTruncates = truncated;
            contextShapes = shapes;
            contextFacts = known;
        }
        return context;
    }

    /**
     * Hands on the records there are. They end with a transaction when none is being read that has any among them. May block
     * as {@link #accept}.
     */
    void handOn() {
        if (open == null) {
            return;
        }
        TableFeed full = open;
        boolean whole = openInTransaction == 0;
        open = null;
        openInTransaction = 0;
        try {
            put(full.build(), whole ? resumePoint() : BatchEnd.withinTransaction());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void put(RecordBatch batch, BatchEnd end) throws InterruptedException {
        if (end.resumePosition().isPresent()) {
            announced = boundary;
            announcedNanos = System.nanoTime();
            unannounced = false;
            reading.announced(boundary, committedMicros);
        }
        if (!buffer.put(batch, end, reading::stillHere)) {
            reading.end();
        }
    }

    @Override
    public void begin(Lsn at, long commitMicros, int id) {
        if (stop != null && !at.isBefore(stop)) {
            ended = true;
            return;
        }
        commit = at;
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
        feeds.atBoundary();
        if (open == null) {
            // Its last records went on before its end was known. The writer keeps them back until it is.
            announceUnannounced();
        } else if (full(open)) {
            handOn();
        }
    }

    private void announceUnannounced() {
        if (!unannounced) {
            return;
        }
        try {
            announce();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static TransvaseException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return TransvaseException.of(CANCELLED, "following the changes was interrupted", e);
    }

    @Override
    public void relation(Relation relation) {
        // Records of the relation as it was go first, at the position whose shapes are still the old ones.
        handOn();
        feeds.describe(relation, xid, commit, this::goesOn);
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
                    truncates.add(new Truncate(relation, xid));
                    feed.truncate();
                    appended(feed);
                }
                case IGNORE ->
                    feeds.notices()
                            .warn(feed.schema().table() + " was truncated at the source; the target keeps its rows, as"
                                    + " ddl.truncate says");
                case FAIL ->
                    throw TransvaseException.of(
                            TABLE_TRUNCATED,
                            feed.schema().table() + " was truncated at the source, which is not carried over."
                                    + " Set ddl.truncate to apply, which empties the target, or to ignore, then run"
                                    + " again: nothing is lost, the stream goes on from here");
            }
        }
    }

    /** What is waited for may never come once the connection is lost: another server may answer by then. */
    private boolean goesOn() {
        reading.stillHere();
        SQLException lost = reading.broken();
        if (lost != null) {
            throw new TypeLookup.UnansweredException(lost);
        }
        return !reading.hasEnded();
    }

    /** The feed to append a change to; {@code null} when it is of no concern, or has been seen before. */
    private TableFeed next(int relation) {
        if (feeds.isDue(relation, commit)) {
            handOn();
            feeds.describeDue(relation, xid, commit, this::goesOn);
        }
        changes++;
        Optional<TableFeed> feed = feeds.feed(relation);
        if (changes <= seenBefore) {
            feed.ifPresent(feeds::taken);
            return null;
        }
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
        if (open == null) {
            open = feed;
            openedNanos = nowNanos;
            feeds.taken(feed);
            unannounced = true;
        }
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
    public void streamCommit(int id, Lsn at, Lsn end, long commitMicros) {
        begin(at, commitMicros, id);
        if (ended) {
            return;
        }
        spilled.replay(id, message -> {
            if (!reading.hasEnded()) {
                decoder.decode(message, true);
                reading.stillHere(); // it may be much
            }
        });
        if (!reading.hasEnded()) {
            committed(end, commitMicros);
        }
    }

    @Override
    public void streamAbort(int id, int subId) {
        spilled.rollBack(id, subId);
    }
}
