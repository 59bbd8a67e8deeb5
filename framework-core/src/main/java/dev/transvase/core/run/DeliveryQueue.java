package dev.transvase.core.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The queue between a channel's two threads, bounded by the bytes of the records in it: a wide record counts for what it
 * weighs. Invariant: it holds at most {@code capacity} bytes, or a single delivery that is larger.
 */
final class DeliveryQueue {

    private final long capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Delivery> deliveries = new ArrayDeque<>();
    private long bytes;
    private boolean ended;

    DeliveryQueue(long capacity) {
        this.capacity = capacity;
    }

    /** Waits for room. */
    void put(Delivery delivery) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!deliveries.isEmpty() && bytes + delivery.batch().bytes() > capacity) {
                changed.await();
            }
            deliveries.add(delivery);
            bytes += delivery.batch().bytes();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more will be put. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next one, waiting no longer than this; empty when none came, or when there will be none. */
    Optional<Delivery> take(Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (deliveries.isEmpty() && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            Delivery delivery = deliveries.poll();
            if (delivery != null) {
                bytes -= delivery.batch().bytes();
                changed.signalAll();
            }
            return Optional.ofNullable(delivery);
        } finally {
            lock.unlock();
        }
    }

    /** Whether all that was put has been taken and no more will come. */
    boolean drained() {
        lock.lock();
        try {
            return ended && deliveries.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
