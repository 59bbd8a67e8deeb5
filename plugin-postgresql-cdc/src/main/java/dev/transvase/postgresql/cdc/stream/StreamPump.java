package dev.transvase.postgresql.cdc.stream;

import static dev.transvase.postgresql.cdc.error.CdcErrors.STREAM_FAILED;
import static dev.transvase.spi.error.CommonErrors.CANCELLED;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.pgoutput.ReplicationStream;
import dev.transvase.postgresql.cdc.prerequisite.RequiredChecks;
import dev.transvase.postgresql.cdc.source.FirstLook;
import dev.transvase.postgresql.cdc.source.Origins;
import dev.transvase.postgresql.cdc.source.Slot;
import dev.transvase.postgresql.cdc.source.SourceFacts;
import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import dev.transvase.postgresql.cdc.source.StreamedTruncates.Truncate;
import dev.transvase.postgresql.cdc.source.TruncateDoubts;
import dev.transvase.postgresql.cdc.table.TableFeeds;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a slot's stream, on a thread of its own, and has batches made of it. It never waits for a writer without telling the
 * server that it is alive, and takes up the stream again after it was lost.
 */
public final class StreamPump implements Runnable, SourceWatch.Observer {

    private static final Logger log = LoggerFactory.getLogger(StreamPump.class);

    private final StreamSource source;
    private final TableFeeds feeds;
    private final BatchBuffer buffer;
    private final SpilledTransactions spilled;
    private final Settings settings;
    private final PositionContext context;
    private final StreamProgress progress;
    private final StreamConnection connection;
    private final StreamBatches batches;
    private final StreamLosses losses;

    /** Whether nothing is to be asked of the source any more. Written by any thread. */
    private volatile boolean cancelled;

    /** What only the whole stream settles. Guarded by this. */
    private TruncateDoubts unsettled;

    private long messageNanos;

    /** When the publication was looked at last, by this thread. */
    private long lookedNanos = System.nanoTime();

    /**
     * How a stream is followed.
     *
     * @param ddl what becomes of changes of tables
     * @param systemId of the source's cluster
     * @param heartbeat how often the position is reported while there are no records
     * @param patience how long a stream that is lost is tried again
     * @param watched whether somebody else looks at the publication and tells {@link #published}
     * @param start where it is taken up
     * @param end where it ends
     */
    public record Settings(
            Ddl ddl, long systemId, Duration heartbeat, Duration patience, boolean watched, Start start, End end) {}

    /**
     * Where a stream is taken up, and what was known of the source there.
     *
     * @param lsn the target has all that was committed before
     * @param look what was found; its unsettled part is settled when all has been read, if the stream ends
     * @param truncates what the stream had reported before that the facts do not include
     * @param partitions of partitions, the same
     */
    public record Start(Lsn lsn, FirstLook look, List<Truncate> truncates, List<Streamed> partitions) {}

    /**
     * Where a stream ends.
     *
     * @param until when it has been read up to there; empty to go on until cancelled
     * @param before before the first transaction that is committed there or later; empty to read it too
     */
    public record End(Optional<Lsn> until, Optional<Lsn> before) {}

    public StreamPump(
            StreamSource source, TableFeeds feeds, BatchBuffer buffer, SpilledTransactions spilled, Settings settings) {
        Start start = settings.start();
        this.source = source;
        this.feeds = feeds;
        this.buffer = buffer;
        this.spilled = spilled;
        this.settings = settings;
        this.unsettled = start.look().unsettled();
        this.context = new PositionContext(
                feeds, start.look().facts(), start.truncates(), start.partitions(), source.timeline());
        context.settled(start.look().settled());
        this.progress = new StreamProgress(start.lsn());
        this.connection = new StreamConnection(progress);
        this.batches = new StreamBatches(settings, feeds, buffer, spilled, context, progress, connection);
        this.losses = new StreamLosses(settings.patience(), System::nanoTime);
    }

    /** Called from any thread. */
    @Override
    public synchronized void facts(SourceFacts facts, Collection<Streamed> settled) {
        unsettled = TruncateDoubts.NONE; // whoever watches compares with what was known at first, too
        context.facts(facts, settled);
    }

    /** Called from any thread. */
    @Override
    public void origins(Origins origins) {
        context.origins(origins);
    }

    /** Called from any thread. */
    @Override
    public void published(Lsn upTo) {
        progress.published(upTo);
    }

    /**
     * The server takes no sessions any more. One that shuts down waits for all that it has sent to be confirmed, which cannot be
     * as long as nobody can look at the publication: the stream is let go of, and taken up later. Called from any thread.
     */
    @Override
    public void leaving(SQLException why) {
        connection.leaving(why);
    }

    /** When the stream has been read to its end. The source may have been looked at a while ago. */
    private void settle() throws SQLException {
        synchronized (this) {
            unsettled.settle(context.truncates());
        }
        settings.start()
                .look()
                .unheard()
                .settle(context::hasContained, settings.ddl(), new RequiredChecks(feeds.notices()));
        List<Streamed> partitions = context.partitions();
        if (settings.watched() && !partitions.isEmpty()) {
            context.settled(source.gone(partitions, context.facts(), feeds.names()));
        }
    }

    /** Ends the work with this failure once what has been read is taken. Called from any thread; does not wait. */
    @Override
    public void fail(TransvaseException why) {
        buffer.fail(why);
        connection.end();
    }

    /** Asked from any thread. */
    @Override
    public Lsn boundary() {
        return progress.boundary();
    }

    /** Asked from any thread. */
    @Override
    public List<Truncate> truncates() {
        return context.truncates();
    }

    /** Asked from any thread. */
    @Override
    public List<Streamed> partitions() {
        return context.partitions();
    }

    /** Asked from any thread. */
    @Override
    public boolean hasContained(int partition) {
        return context.hasContained(partition);
    }

    /** The writer has made all up to here durable. Called from any thread. */
    void acknowledge(Lsn upTo) {
        progress.acknowledge(upTo);
    }

    /** See {@link StreamProgress#settled}. Called from any thread. */
    Lsn settled() {
        return progress.settled();
    }

    /** See {@link StreamProgress#settledMicros}. Called from any thread. */
    long settledMicros() {
        return progress.settledMicros();
    }

    /** How long there has been no connection since it was lost; zero while there is one. Called from any thread. */
    Duration lost() {
        return connection.lostFor();
    }

    /** How often the connection was lost and made again. Called from any thread. */
    long reconnects() {
        return connection.reconnects();
    }

    /** Ends the work soon. Called from any thread; does not wait for it. */
    void cancel() {
        cancelled = true;
        finish();
        connection.abort();
    }

    /** Ends the work in order: what is durable is confirmed to the server first. Called from any thread; does not wait. */
    void finish() {
        connection.end();
        buffer.end();
    }

    @Override
    public void run() {
        try (spilled;
                source) {
            batches.announce();
            while (!connection.hasEnded()) {
                Lsn before = progress.boundary();
                Optional<SQLException> loss = follow();
                if (loss.isPresent() && !connection.hasEnded()) {
                    pause(loss.get(), !progress.boundary().equals(before));
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
        Optional<Duration> pause = losses.lost(forward, connection.heardFor());
        if (pause.isEmpty()) {
            throw StreamFailures.of(
                    loss, "; given up after " + settings.patience().toSeconds() + " s (reconnectSeconds)");
        }
        connection.lost();
        long millis = pause.get().toMillis();
        log.warn(
                "the change stream was lost: {}; retrying from {} in {} ms",
                SqlErrors.message(loss),
                progress.boundary(),
                millis);
        connection.awaitEnd(millis);
    }

    /** A slot that is in use is let go of by a server that notices the end of the session before. */
    private static boolean mayBeTriedAgain(SQLException e) {
        return SqlErrors.isPassing(e) || SqlErrors.sqlState(e).equals(Slot.IN_USE);
    }

    /**
     * Reads over one connection until there is reason to end, or to take the stream up again.
     *
     * @return what the connection was lost with, or could not be made for at present; empty otherwise
     */
    private Optional<SQLException> follow() throws InterruptedException {
        boolean binary = feeds.binary();
        connection.opening();
        batches.takenUp();
        try (ReplicationStream current = source.follow(progress.boundary(), binary)) {
            connection.opened(current);
            context.timeline(source.timeline());
            return read(current, binary);
        } catch (SQLException e) {
            return Optional.of(e);
        } finally {
            connection.closed();
        }
    }

    private Optional<SQLException> read(ReplicationStream current, boolean binary)
            throws SQLException, InterruptedException {
        while (!connection.hasEnded()) {
            ByteBuffer message = current.poll();
            long now = System.nanoTime();
            if (message == null) {
                idle(current, now);
            } else {
                messageNanos = now;
                if (!batches.accept(message, now)) {
                    return cut(current, binary);
                }
                if (batches.haveWaited(now)) {
                    batches.handOn();
                }
            }
            Optional<SQLException> loss = connection.loss();
            if (loss.isPresent()) {
                return loss;
            }
            if (hasReachedItsEnd()) {
                complete();
            }
            lookUnwatched(now);
            current.keepAlive(progress.confirmable(), true, now);
        }
        confirmLast(current);
        return Optional.empty();
    }

    /** A message could not be taken in, see {@link StreamBatches#accept}. */
    private Optional<SQLException> cut(ReplicationStream current, boolean binary) throws SQLException {
        if (binary != feeds.binary()) {
            log.info("the binary form of an added column cannot be copied; the stream continues as text");
            return Optional.empty();
        }
        if (connection.broken()) {
            return connection.loss();
        }
        log.debug("stopped while waiting for the source");
        confirmLast(current);
        return Optional.empty();
    }

    /** Without a look from time to time nothing could be confirmed before the end. A server that shuts down fails it, too. */
    private void lookUnwatched(long now) throws SQLException {
        if (settings.watched()
                || !progress.awaitsLook()
                || now - lookedNanos < settings.heartbeat().toNanos()) {
            return;
        }
        look();
        lookedNanos = System.nanoTime();
    }

    private void look() throws SQLException {
        source.publishedUpTo(context.facts().published()).ifPresent(progress::published);
    }

    /** The source may have been looked at a while ago. What cannot be confirmed now will be by the next run. */
    private void confirmLast(ReplicationStream current) throws SQLException {
        if (!cancelled && progress.awaitsLook()) {
            try {
                look();
            } catch (SQLException | TransvaseException e) {
                log.warn("not everything that is durable was confirmed: {}", e.getMessage());
            }
        }
        current.confirm(progress.confirmable());
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
        Optional<Lsn> until = settings.end().until();
        return until.isPresent()
                && batches.betweenTransactions()
                && !progress.boundary().isBefore(until.get());
    }

    /** All that was asked for has been read. The connection stays until it is durable, so that it can be confirmed. */
    private void complete() throws SQLException, InterruptedException {
        batches.handOn();
        settle();
        batches.announce();
        buffer.end();
        while (!progress.allDurable() && !connection.awaitEnd(10)) {
            connection.stillHere();
        }
        connection.end();
    }
}
