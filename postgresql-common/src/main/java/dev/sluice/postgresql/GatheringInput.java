package dev.sluice.postgresql;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Reads a stream of many small messages in large pieces. A server that sends each change on its own wakes the reader for
 * each, which costs both sides more than the change itself; so while much comes, the reader looks away for some milliseconds
 * and then takes what has gathered. While little comes, each byte is had at once. For one thread.
 */
final class GatheringInput extends FilterInputStream {

    private static final int BUFFER = 1 << 17;

    /** So much within {@link #SOON_NANOS} is much. */
    private static final int MUCH = 1 << 16;

    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** What is worth a read even while more is on its way. */
    private static final int WORTH_READING = 2048;

    private final LongSupplier nanoTime;
    private final LongConsumer pause;
    private final byte[] buffer = new byte[BUFFER];
    private int next;
    private int end;

    /** How many bytes have come since {@link #sinceNanos}. */
    private long came;

    private long sinceNanos;

    GatheringInput(InputStream in) {
        this(in, System::nanoTime, LockSupport::parkNanos);
    }

    /** @param pause waits for so many nanoseconds, or less */
    GatheringInput(InputStream in, LongSupplier nanoTime, LongConsumer pause) {
        super(in);
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.sinceNanos = nanoTime.getAsLong();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (next == end && length > 0) {
            gather();
            int read = in.read(buffer, 0, BUFFER);
            if (read < 0) {
                return -1;
            }
            next = 0;
            end = read;
            came += read;
        }
        int count = Math.min(length, end - next);
        System.arraycopy(buffer, next, bytes, offset, count);
        next += count;
        return count;
    }

    private void gather() throws IOException {
        long now = nanoTime.getAsLong();
        if (now - sinceNanos >= SOON_NANOS) {
            countFrom(now);
        } else if (came >= MUCH && in.available() < WORTH_READING) {
            pause.accept(PAUSE_NANOS);
            countFrom(nanoTime.getAsLong());
        }
    }

    private void countFrom(long nanos) {
        sinceNanos = nanos;
        came = 0;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = Math.min(Math.max(0, count), end - next);
        next += (int) skipped;
        return skipped > 0 ? skipped : in.skip(count);
    }

    @Override
    public int available() throws IOException {
        return next < end ? end - next : in.available();
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
