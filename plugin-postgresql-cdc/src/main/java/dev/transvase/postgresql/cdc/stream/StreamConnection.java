package dev.transvase.postgresql.cdc.stream;

import dev.transvase.postgresql.cdc.pgoutput.ReplicationStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connection that a stream is read over, one after another, and whether the reading is to go on. Used by the thread that reads,
 * but for what is said to be called from any.
 */
final class StreamConnection implements StreamBatches.Reading {

    private static final long CONNECTED = Long.MIN_VALUE;

    private final StreamProgress progress;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** The one in use, or {@code null}. Written by the thread that reads. */
    private volatile ReplicationStream stream;

    /** Since when there has been none, in the clock of {@link System#nanoTime}, or {@link #CONNECTED}. */
    private volatile long lostNanos = CONNECTED;

    /** How often it was lost and made again. */
    private final AtomicLong reconnects = new AtomicLong();

    /** The server is about to go; {@code null} when it is not. Written by any thread. */
    private volatile SQLException leaving;

    /** What went wrong with the connection while it was not being read, or {@code null}. */
    private SQLException broken;

    /** For how long the server was heard of over the last one. */
    private Duration heard = Duration.ZERO;

    /** @param progress tells what the server may forget */
    StreamConnection(StreamProgress progress) {
        this.progress = progress;
    }

    /** Another connection is about to be made. What became of the one before is of no concern any more. */
    void opening() {
        broken = null;
        leaving = null;
        heard = Duration.ZERO;
    }

    void opened(ReplicationStream made) {
        stream = made;
        if (lostNanos != CONNECTED) {
            lostNanos = CONNECTED;
            reconnects.incrementAndGet();
        }
    }

    /** The connection was closed, or could not be made. */
    void closed() {
        ReplicationStream last = stream;
        if (last != null) {
            heard = last.heardFor();
            stream = null;
        }
    }

    /** The stream is not going to be taken up again at once. */
    void lost() {
        if (lostNanos == CONNECTED) {
            lostNanos = System.nanoTime();
        }
    }

    /** How long there has been no connection since it was lost; zero while there is one. Called from any thread. */
    Duration lostFor() {
        long since = lostNanos;
        return since == CONNECTED ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** How often it was lost and made again. Called from any thread. */
    long reconnects() {
        return reconnects.get();
    }

    /** For how long the server was heard of over the last connection. */
    Duration heardFor() {
        return heard;
    }

    /** The server is about to go, so the stream is to be let go of. Called from any thread. */
    void leaving(SQLException why) {
        leaving = why;
    }

    /** What the connection is lost with, though reading it has not failed. */
    Optional<SQLException> loss() {
        return Optional.ofNullable(broken == null ? leaving : broken);
    }

    /** Ends whatever the connection is being used for. Called from any thread. */
    void abort() {
        ReplicationStream current = stream;
        if (current != null) {
            current.abort();
        }
    }

    /** Tells the server that we are there. The connection must not end what is under way: it is looked at when that is done. */
    @Override
    public void stillHere() {
        ReplicationStream current = stream;
        if (current == null || broken != null) {
            return;
        }
        try {
            current.keepAlive(progress.confirmable(), false, System.nanoTime());
        } catch (SQLException e) {
            broken = e;
        }
    }

    @Override
    public boolean broken() {
        return broken != null;
    }

    /** Called from any thread. */
    @Override
    public void end() {
        ended.countDown();
    }

    @Override
    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Waits until the reading is to end, or for this long; tells whether it is. */
    boolean awaitEnd(long millis) throws InterruptedException {
        return ended.await(millis, TimeUnit.MILLISECONDS);
    }
}
