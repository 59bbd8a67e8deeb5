package dev.transvase.core.run;

import dev.transvase.core.job.JobSettings.Speed;
import dev.transvase.spi.record.RecordBatch;

/**
 * The one speed limit of a job, shared by all its channels. A batch passes it in pieces that are worth about a twentieth
 * of a second, so that the flow is smooth whatever the size of the batches.
 */
final class SpeedLimit {

    private static final double PIECES_PER_SECOND = 20;

    private final double bytesPerSecond;
    private final double recordsPerSecond;
    private final Ticker ticker;
    private final TokenBucket bytes;
    private final TokenBucket records;

    /** @param speed limits only when it throttles, and then by what it names */
    SpeedLimit(Speed speed, Ticker ticker) {
        this.bytesPerSecond = speed.bytesPerSecond().orElse(Double.POSITIVE_INFINITY);
        this.recordsPerSecond =
                speed.recordsPerSecond().isPresent() ? speed.recordsPerSecond().getAsLong() : Double.POSITIVE_INFINITY;
        this.ticker = ticker;
        this.bytes = new TokenBucket(bytesPerSecond, ticker.nanos());
        this.records = new TokenBucket(recordsPerSecond, ticker.nanos());
    }

    /** Whether anything is limited at all. */
    boolean limits() {
        return bytesPerSecond != Double.POSITIVE_INFINITY || recordsPerSecond != Double.POSITIVE_INFINITY;
    }

    /** The index behind the last record of the piece that starts at this one: at least one record. */
    int pieceEnd(RecordBatch batch, int from) {
        double mostBytes = batch.start(from) + bytesPerSecond / PIECES_PER_SECOND;
        double mostRecords = from + Math.max(1, recordsPerSecond / PIECES_PER_SECOND);
        int end = from + 1;
        while (end < batch.size() && end + 1 <= mostRecords && batch.start(end + 1) <= mostBytes) {
            end++;
        }
        return end;
    }

    /** Returns when this piece may pass. */
    void acquire(RecordBatch piece) throws InterruptedException {
        long start;
        synchronized (this) {
            long now = ticker.nanos();
            start = Math.max(bytes.reserve(piece.bytes(), now), records.reserve(piece.size(), now));
        }
        ticker.waitUntil(start);
    }
}
