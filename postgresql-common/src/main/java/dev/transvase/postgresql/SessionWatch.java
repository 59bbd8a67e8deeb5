package dev.transvase.postgresql;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Looks at a session now and then from outside, while its user's thread may wait in it. One daemon thread for each session, which
 * waits nearly always; {@link #close} ends it.
 */
final class SessionWatch implements AutoCloseable {

    private final List<Look> looks;

    /** Guards {@link #closed} and is notified of it. */
    private final Object lock = new Object();

    private boolean closed;

    private SessionWatch(List<Look> looks) {
        this.looks = List.copyOf(looks);
    }

    /** Something to be looked at. Called by the watching thread alone. */
    interface Look {

        /** There is no need for another. */
        long NO_MORE = Long.MAX_VALUE;

        /** How long after the session's start the first one is. */
        long firstNanos();

        /** Looks, and may block on a connection of its own. Returns how long to wait before the next one. */
        long look();

        /** There is no session any more. */
        default void end() {}
    }

    /** @param name of the thread */
    static SessionWatch start(String name, List<Look> looks) {
        SessionWatch watch = new SessionWatch(looks);
        Thread thread = new Thread(watch::run, name);
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }

    private void run() {
        long[] pauses = looks.stream().mapToLong(Look::firstNanos).toArray();
        long[] since = new long[pauses.length];
        Arrays.fill(since, System.nanoTime());
        try {
            int next = next(pauses, since);
            while (awaitClosed(left(pauses[next], since[next]))) {
                pauses[next] = looks.get(next).look();
                since[next] = System.nanoTime();
                next = next(pauses, since);
            }
        } finally {
            looks.forEach(Look::end);
        }
    }

    private static int next(long[] pauses, long[] since) {
        int next = 0;
        for (int i = 1; i < pauses.length; i++) {
            if (left(pauses[i], since[i]) < left(pauses[next], since[next])) {
                next = i;
            }
        }
        return next;
    }

    private static long left(long pause, long since) {
        return pause == Look.NO_MORE ? pause : pause - (System.nanoTime() - since);
    }

    /** Waits; false once the session was closed. */
    private boolean awaitClosed(long nanos) {
        long begin = System.nanoTime();
        synchronized (lock) {
            long left = nanos;
            while (left > 0 && !closed) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(lock, left);
                } catch (InterruptedException e) {
                    // Nobody else knows this thread; then it is to end.
                    return false;
                }
                left = nanos - (System.nanoTime() - begin);
            }
            return !closed;
        }
    }
}
