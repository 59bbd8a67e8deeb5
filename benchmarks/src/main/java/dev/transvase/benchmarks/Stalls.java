package dev.transvase.benchmarks;

import java.util.concurrent.locks.LockSupport;

/**
 * When this machine let a thread wait that asked for a millisecond's pause: no process gets on then, whatever it does. Closing
 * ends the thread.
 */
final class Stalls implements AutoCloseable {

    private static final long PAUSE_NANOS = 1_000_000;

    /** So many stalls are kept, the latest ones. */
    private static final int MOST = 1 << 16;

    /** A pause that takes longer by this is a stall. */
    private static final long LATE_NANOS = 5_000_000;

    private final long[] from = new long[MOST];
    private final long[] to = new long[MOST];
    private int count;
    private volatile boolean closed;

    private Stalls() {}

    static Stalls watch() {
        Stalls stalls = new Stalls();
        Thread thread = new Thread(stalls::look, "stalls");
        thread.setDaemon(true);
        thread.start();
        return stalls;
    }

    private void look() {
        long last = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(PAUSE_NANOS);
            long now = System.nanoTime();
            if (now - last > PAUSE_NANOS + LATE_NANOS) {
                add(last + PAUSE_NANOS, now);
            }
            last = now;
        }
    }

    private synchronized void add(long start, long end) {
        from[count % MOST] = start;
        to[count % MOST] = end;
        count++;
    }

    /** How much of this time, in the clock of {@link System#nanoTime}, was stalled, in nanoseconds. */
    synchronized long within(long start, long end) {
        long sum = 0;
        for (int i = 0; i < Math.min(count, MOST); i++) {
            sum += Math.max(0, Math.min(end, to[i]) - Math.max(start, from[i]));
        }
        return sum;
    }

    @Override
    public void close() {
        closed = true;
    }
}
