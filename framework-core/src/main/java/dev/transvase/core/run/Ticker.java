package dev.transvase.core.run;

import java.util.concurrent.TimeUnit;

/** A monotonic clock that can be waited on; tests have one of their own. */
interface Ticker {

    /** The machine's. */
    Ticker SYSTEM = new Ticker() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void waitUntil(long nanos) throws InterruptedException {
            long left = nanos - nanos();
            if (left > 0) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
        }
    };

    /** Nanoseconds since some fixed moment. */
    long nanos();

    /** Returns when {@link #nanos} has reached this, at once when it has already. */
    void waitUntil(long nanos) throws InterruptedException;
}
