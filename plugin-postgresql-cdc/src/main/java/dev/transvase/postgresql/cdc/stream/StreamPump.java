package dev.transvase.postgresql.cdc.stream;

import static dev.transvase.postgresql.cdc.error.CdcErrors.STREAM_FAILED;
import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.pgoutput.ReplicationStream;
import dev.transvase.postgresql.cdc.source.Slot;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.StreamedTruncates.Truncate;
import dev.transvase.postgresql.cdc.source.TruncateDoubts;
import dev.transvase.postgresql.cdc.table.TableFeeds;
import dev.transvase.postgresql.cdc.table.TypeLookup;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a slot's stream, on a thread of its own, and has batches made of it. It never waits for a writer without telling the
 * server that it is alive, and takes up the stream again after it was lost.
 */
public final class StreamPump implements Runnable, StreamBatches.Reading, SourceWatch.Observer {

    private static final Logger log = LoggerFactory.getLogger(StreamPump.class);

    private static final long CONNECTED = Long.MIN_VALUE;

    private final StreamSource source;
    private final TableFeeds feeds;
    private final BatchBuffer buffer;
    private final SpilledTransactions spilled;
    private final Settings settings;
    private final StreamBatches batches;
    private final StreamLosses losses;
    private final CommitTimes times = new CommitTimes();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** The connection in use, or {@code null}. Written by the pump's thread. */
    private volatile ReplicationStream stream;

    /** What the writer has made durable. Written by any thread. */
    private volatile Lsn durable;

    /** All up to here was published as it should be; what lies behind is not confirmed. Written by any thread. */
    private volatile Lsn published;

    /** Whether nothing is to be asked of the source any more. Written by any thread. */
    private volatile boolean cancelled;

    /** The server is about to go; {@code null} when it is not. Written by any thread. */
    private volatile SQLException leaving;

    /** Since when there has been no connection, in the clock of {@link System#nanoTime}, or {@link #CONNECTED}. */
    private volatile long lostNanos = CONNECTED;

    /** What only the whole stream settles. Guarded by this. */
    private TruncateDoubts unsettled = TruncateDoubts.NONE;

    private long messageNanos;

    /** When the publication was looked at last, by this thread. */
    private long lookedNanos = System.nanoTime();

    /** For how long the server was heard of over the last connection. */
    private Duration heard = Duration.ZERO;

    /** What went wrong with the connection while it was not being read, or {@code null}. */
    private SQLException broken;

    /**
     * How a stream is followed.
     *
     * @param ddl what becomes of changes of tables
     * @param systemId of the source's cluster
     * @param heartbeat how often the position is told while there are no records
     * @param patience how long a stream that is lost is tried again
     * @param start where it is taken up
     * @param until where to end; empty to go on until cancelled
     * @param watched whether somebody else looks at the publication and tells {@link #published}
     */
    public record Settings(
            Ddl ddl,
            long systemId,
            Duration heartbeat,
            Duration patience,
            Lsn start,
            Optional<Lsn> until,
            boolean watched) {}

    public StreamPump(
            StreamSource source, TableFeeds feeds, BatchBuffer buffer, SpilledTransactions spilled, Settings settings) {
        this.source = source;
        this.feeds = feeds;
        this.buffer = buffer;
        this.spilled = spilled;
        this.settings = settings;
        this.batches =
                new StreamBatches(feeds, buffer, spilled, settings.ddl(), settings.systemId(), settings.start(), this);
        this.losses = new StreamLosses(settings.patience(), System::nanoTime);
        this.durable = settings.start();
        this.published = settings.start();
        batches.timeline(source.timeline());
    }

    /**
     * What was known of the source where the stream is taken up. Called before it runs.
     *
     * @param truncates what the stream had told before that this does not include
     * @param doubts what is settled when all has been read, if the stream ends
     */
    public synchronized void knownBefore(SourceFacts facts, List<Truncate> truncates, TruncateDoubts doubts) {
        batches.knownBefore(facts, truncates);
        unsettled = doubts;
    }

    /** Ends the work before the first transaction that is committed there or later. Called before the work begins. */
    public void endBefore(Lsn commit) {
        batches.endBefore(commit);
    }

    /** Called from any thread. */
    @Override
    public synchronized void facts(SourceFacts facts) {
        unsettled = TruncateDoubts.NONE; // whoever watches compares with what was known at first, too
        batches.facts(facts);
    }

    /** Called from any thread. */
    @Override
    public synchronized void published(Lsn upTo) {
        published = Lsn.later(published, upTo);
    }

    /**
     * The server takes no sessions any more. One that shuts down waits for all that it has sent to be confirmed, which cannot be
     * as long as nobody can look at the publication: the stream is let go of, and taken up later. Called from any thread.
     */
    @Override
    public void leaving(SQLException why) {
        leaving = why;
    }

    /** Up to where the server may forget. */
    private Lsn confirmable() {
        return Lsn.earlier(durable, published);
    }

    /** When the stream has been read to its end. */
    private synchronized void settle() {
        unsettled.settle(batches.truncates());
    }

    /** Ends the work with this failure once what has been read is taken. Called from any thread; does not wait. */
    @Override
    public void fail(TransvaseException why) {
        buffer.fail(why);
        ended.countDown();
    }

    /** Asked from any thread. */
    @Override
    public Lsn boundary() {
        return batches.boundary();
    }

    /** Asked from any thread. */
    @Override
    public List<Truncate> truncates() {
        return batches.truncates();
    }

    /** The writer has made all up to here durable. Called from any thread. */
    void acknowledge(Lsn upTo) {
        durable = Lsn.later(durable, upTo);
        times.durable(upTo);
    }

    @Override
    public void announced(Lsn position, long committedMicros) {
        times.announced(position, committedMicros);
    }

    /**
     * Up to here the target has everything: behind the last transaction that is durable there, or behind the last that was read
     * when all of it is. Called from any thread.
     */
    Lsn settled() {
        // Read in this order: what is announced meanwhile makes the answer an older one, never a newer.
        Lsn boundary = batches.boundary();
        return pending() ? durable : boundary;
    }

    /** When the last transaction up to there was committed, in microseconds since 2000; 0 before the first. Likewise. */
    long settledMicros() {
        return pending() ? times.durableMicros() : batches.committedMicros();
    }

    private boolean pending() {
        return batches.unannounced() || durable.isBefore(batches.announced());
    }

    /** How long there has been no connection since it was lost; zero while there is one. Called from any thread. */
    Duration lost() {
        long since = lostNanos;
        return since == CONNECTED ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** Ends the work soon. Called from any thread; does not wait for it. */
    void cancel() {
        cancelled = true;
        finish();
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

    @Override
    public void end() {
        ended.countDown();
    }

    @Override
    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    @Override
    public void run() {
        try (spilled;
                source) {
            batches.announce();
            while (!hasEnded()) {
                Lsn before = batches.boundary();
                try {
                    follow();
                } catch (TableFeeds.TextWantedException e) {
                    log.info("{}; the stream goes on as text", e.getMessage());
                } catch (SQLException e) {
                    if (hasEnded()) {
                        break;
                    }
                    pause(e, !batches.boundary().equals(before));
                }
            }
        } catch (TransvaseException e) {
            buffer.fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            buffer.fail(TransvaseException.of(CANCELLED, "following the changes was interrupted", e));
        } catch (OutOfMemoryError e) {
            buffer.fail(StreamFailures.outOfMemory(e));
        } catch (RuntimeException | Error e) {
            buffer.fail(TransvaseException.of(STREAM_FAILED, "following the changes failed: " + e, e));
        } finally {
            buffer.end();
        }
    }

    /** Waits before the stream is taken up again, if it is. */
    private void pause(SQLException loss, boolean forward) throws InterruptedException {
        if (!mayBeTriedAgain(loss)) {
            throw StreamFailures.of(loss, "");
        }
        Optional<Duration> pause = losses.lost(forward, heard);
        if (pause.isEmpty()) {
            throw StreamFailures.of(
                    loss, "; given up after " + settings.patience().toSeconds() + " s (reconnectSeconds)");
        }
        if (lostNanos == CONNECTED) {
            lostNanos = System.nanoTime();
        }
        long millis = pause.get().toMillis();
        log.warn(
                "the change stream was lost: {}; trying again from {} in {} ms",
                SqlErrors.message(loss),
                batches.boundary(),
                millis);
        ended.await(millis, TimeUnit.MILLISECONDS);
    }

    /** A slot that is in use is let go of by a server that notices the end of the session before. */
    private static boolean mayBeTriedAgain(SQLException e) {
        return SqlErrors.isPassing(e) || SqlErrors.sqlState(e).equals(Slot.IN_USE);
    }

    /** Reads over one connection until there is reason to end, or it is lost. */
    private void follow() throws SQLException, InterruptedException {
        broken = null;
        leaving = null;
        heard = Duration.ZERO;
        batches.takenUp();
        try (ReplicationStream current = source.follow(batches.boundary(), feeds.binary())) {
            stream = current;
            lostNanos = CONNECTED;
            batches.timeline(source.timeline());
            read(current);
        } finally {
            stream = null;
        }
    }

    private void read(ReplicationStream current) throws SQLException, InterruptedException {
        try {
            while (!hasEnded()) {
                ByteBuffer message = current.poll();
                long now = System.nanoTime();
                if (message == null) {
                    idle(current, now);
                } else {
                    messageNanos = now;
                    batches.accept(message, now);
                    if (batches.haveWaited(now)) {
                        batches.handOn();
                    }
                }
                if (broken != null) {
                    throw broken;
                }
                SQLException left = leaving;
                if (left != null) {
                    throw left;
                }
                if (hasReachedItsEnd()) {
                    complete(current);
                }
                lookUnwatched(now);
                current.keepAlive(confirmable(), true, now);
            }
            confirmLast(current);
        } catch (TypeLookup.StoppedException e) {
            log.debug("stopped while the source was waited for", e);
            confirmLast(current);
        } finally {
            heard = current.heardFor();
        }
    }

    /** Without a look from time to time nothing could be confirmed before the end. A server that shuts down fails it, too. */
    private void lookUnwatched(long now) throws SQLException {
        if (settings.watched()
                || !published.isBefore(durable)
                || now - lookedNanos < settings.heartbeat().toNanos()) {
            return;
        }
        look();
        lookedNanos = System.nanoTime();
    }

    private void look() throws SQLException {
        source.publishedUpTo(batches.facts().published()).ifPresent(this::published);
    }

    /** The source may have been looked at a while ago. What cannot be confirmed now will be by the next run. */
    private void confirmLast(ReplicationStream current) throws SQLException {
        if (!cancelled && published.isBefore(durable)) {
            try {
                look();
            } catch (SQLException | TransvaseException e) {
                log.warn("not all that is durable is confirmed: {}", e.getMessage());
            }
        }
        current.confirm(confirmable());
    }

    /** The server has nothing at the moment. */
    private void idle(ReplicationStream current, long now) throws InterruptedException {
        if (batches.haveWaitedInQuiet(now - messageNanos)) {
            batches.handOn();
        }
        batches.nothingUpTo(current.sentTo());
        batches.announceAfter(settings.heartbeat());
    }

    private boolean hasReachedItsEnd() {
        if (batches.ended()) {
            return true;
        }
        return settings.until().isPresent()
                && batches.betweenTransactions()
                && !batches.boundary().isBefore(settings.until().get());
    }

    /** All that was asked for has been read. The connection stays until it is durable, so that it can be confirmed. */
    private void complete(ReplicationStream current) throws InterruptedException {
        batches.handOn();
        settle();
        batches.announce();
        buffer.end();
        while (durable.isBefore(batches.announced()) && !ended.await(10, TimeUnit.MILLISECONDS)) {
            keepAlive(current);
        }
        ended.countDown();
    }

    @Override
    public void stillHere() {
        keepAlive(stream);
    }

    @Override
    public SQLException broken() {
        return broken;
    }

    /** The connection must not end what is under way: it is looked at when that is done. */
    private void keepAlive(ReplicationStream current) {
        if (current == null || broken != null) {
            return;
        }
        try {
            current.keepAlive(confirmable(), false, System.nanoTime());
        } catch (SQLException e) {
            broken = e;
        }
    }
}
