package dev.transvase.postgresql.cdc.stream;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;

/**
 * How far a stream has been read, how far that was handed on, and how far the target has it. Asked from any thread; what is read
 * and passed on comes from the reading thread.
 */
final class StreamProgress {

    private final CommitTimes times = new CommitTimes();

    /** Behind the last transaction that was read to its end. */
    private volatile Lsn boundary;

    /** When that was committed, in microseconds since 2000; 0 before the first. */
    private volatile long committedMicros;

    /** The last position that was handed on. */
    private volatile Lsn announced = Lsn.NONE;

    /** Whether records were read that no announced position covers yet, handed on or not. */
    private volatile boolean unannounced;

    /** What the writer has made durable. Written by any thread. */
    private volatile Lsn durable;

    /** All up to here was published as it should be; what lies behind is not confirmed. Written by any thread. */
    private volatile Lsn published;

    /** @param start where the stream is taken up, which the target has all up to */
    StreamProgress(Lsn start) {
        this.boundary = start;
        this.durable = start;
        this.published = start;
    }

    /** A transaction was read to its end. */
    void committed(Lsn end, long micros) {
        boundary = end;
        committedMicros = micros;
    }

    /** Up to here there is nothing of concern. */
    void nothingUpTo(Lsn sent) {
        boundary = Lsn.later(boundary, sent);
    }

    /** A record was read. */
    void hasRecords() {
        unannounced = true;
    }

    /** The boundary is handed on as a position: when the writer has made it durable, the target has all up to there. */
    void announce() {
        announced = boundary;
        unannounced = false;
        times.announced(boundary, committedMicros);
    }

    /** The writer has made all up to here durable. Called from any thread. */
    void acknowledge(Lsn upTo) {
        durable = Lsn.later(durable, upTo);
        times.durable(upTo);
    }

    /** All changes up to here were published as they should be. Called from any thread. */
    synchronized void published(Lsn upTo) {
        published = Lsn.later(published, upTo);
    }

    /** Behind the last transaction that was read. */
    Lsn boundary() {
        return boundary;
    }

    /** Whether the boundary was not handed on yet. */
    boolean isAhead() {
        return announced.isBefore(boundary);
    }

    /** Whether records were read that no announced position covers yet. */
    boolean unannounced() {
        return unannounced;
    }

    /** Whether all that was handed on is durable. */
    boolean allDurable() {
        return !durable.isBefore(announced);
    }

    /** Whether more is durable than is known to be published as it should be. */
    boolean awaitsLook() {
        return published.isBefore(durable);
    }

    /** Up to where the server may forget. */
    Lsn confirmable() {
        return Lsn.earlier(durable, published);
    }

    /**
     * Up to here the target has everything: behind the last transaction that is durable there, or behind the last that was read
     * when all of it is.
     */
    Lsn settled() {
        // Read in this order: what is announced meanwhile makes the answer an older one, never a newer.
        Lsn read = boundary;
        return pending() ? durable : read;
    }

    /** When the last transaction up to there was committed, in microseconds since 2000; 0 before the first. */
    long settledMicros() {
        return pending() ? times.durableMicros() : committedMicros;
    }

    private boolean pending() {
        return unannounced || !allDurable();
    }
}
