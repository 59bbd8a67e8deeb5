package dev.transvase.core.run;

import java.util.concurrent.TimeUnit;

/**
 * Meters one thing at a steady rate. Instead of counting tokens it keeps the moment at which all that was granted so far
 * is paid for; whoever comes next may start then. At most {@link #CREDIT} of unused time can be made up for, so a pause is
 * not followed by a burst.
 */
final class TokenBucket {

    /** Enough to make up for a thread that was woken late, too little to be seen within a second. */
    private static final long CREDIT = TimeUnit.MILLISECONDS.toNanos(50);

    private final double perNano;
    private long paidUntil;

    TokenBucket(double perSecond, long now) {
        this.perNano = perSecond / TimeUnit.SECONDS.toNanos(1);
        this.paidUntil = now;
    }

    /** Grants this amount, and says when it may be used. Callers are serialised by {@link SpeedLimit}. */
    long reserve(double amount, long now) {
        long start = Math.max(paidUntil, now - CREDIT);
        paidUntil = start + (long) (amount / perNano);
        return start;
    }
}
