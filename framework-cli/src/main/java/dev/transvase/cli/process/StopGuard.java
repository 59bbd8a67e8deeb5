package dev.transvase.cli.process;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Where the thread that runs a job and a signal that ends it meet. Exactly one of them tells how the job ended: while it
 * is being planned that is the signal's thread, which need not wait for a server that does not answer; later it is the
 * job's, which first ends what it has begun. Thread-safe.
 */
public final class StopGuard {

    private final CountDownLatch over = new CountDownLatch(1);
    private boolean stopped;
    private boolean reported;
    private Runnable stop;

    /**
     * From now on the job can be stopped this way.
     *
     * @return false when it has been stopped already and must not begin
     */
    public synchronized boolean begin(Runnable stop) {
        if (stopped) {
            return false;
        }
        this.stop = stop;
        return true;
    }

    /** Whether the caller is the one who tells how the job ended. True once. */
    public synchronized boolean tell() {
        boolean first = !reported;
        reported = true;
        return first;
    }

    /** Whether a signal has stopped the job. */
    public synchronized boolean stopped() {
        return stopped;
    }

    /** The job's thread has done everything, telling included. */
    public void over() {
        over.countDown();
    }

    /**
     * Stops the job. Called on the signal's thread; returns when everything has been reported, or after {@code patience}.
     *
     * @param tellUnbegun tells that the job was stopped before it began
     * @return false when the job has not ended in time
     */
    public boolean stop(Runnable tellUnbegun, Duration patience) throws InterruptedException {
        Runnable running;
        synchronized (this) {
            stopped = true;
            running = stop;
        }
        if (running == null) {
            if (tell()) {
                tellUnbegun.run();
                return true;
            }
        } else {
            running.run();
        }
        return over.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
