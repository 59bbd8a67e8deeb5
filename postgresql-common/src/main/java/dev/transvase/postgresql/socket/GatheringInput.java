package dev.transvase.postgresql.socket;

import java.io.EOFException;
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
 *
 * <p>The end of the stream is an {@link EOFException}: a driver that asks without waiting takes -1 for nothing there, again and
 * again.
 */
final class GatheringInput extends FilterInputStream {

    private static final int BUFFER_BYTES = 1 << 17;

    /** So many bytes within {@link #SOON_NANOS} are much. */
    private static final int MUCH_BYTES = 1 << 16;

    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** So many are worth a read even while more is on its way. */
    private static final int WORTH_READING_BYTES = 2048;

    private final LongSupplier nanoTime;
    private final LongConsumer pause;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int end;

    /** How many bytes have come since {@link #sinceNanos}. */
    private long came;

    private long sinceNanos;

    GatheringInput(InputStream in) {
        this(in, System::nanoTime, LockSupport::parkNanos);
    }

    /** @param pause waits for this many nanoseconds, or less */
    GatheringInput(InputStream in, LongSupplier nanoTime, LongConsumer pause) {
        super(in);
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.sinceNanos = nanoTime.getAsLong();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        read(one, 0, 1);
        return one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (next == end && length > 0) {
            gather();
            int read = in.read(buffer, 0, BUFFER_BYTES);
            if (read < 0) {
                throw new EOFException("the other side has closed the connection");
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
        } else if (came >= MUCH_BYTES && in.available() < WORTH_READING_BYTES) {
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
