package dev.transvase.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.Split;
import dev.transvase.spi.record.RecordBatchBuilder;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.TableName;
import dev.transvase.spi.table.Type;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class DeliveryQueueTest {

    private static final Duration AT_ONCE = Duration.ZERO;

    private static Delivery delivery(int bytes) {
        RecordBatchBuilder builder =
                new RecordBatchBuilder(Schema.of(new TableName("", "t"), List.of(Column.of("c", Type.Scalar.BYTES))));
        builder.beginRecord().appendBytes(new byte[bytes - 6]).endRecord();
        return new Delivery(builder.build(), Split.of("s", 0, new byte[0], ""), BatchEnd.commitPoint(), null);
    }

    @Test
    void aFullQueueHoldsTheReaderUntilThereIsRoom() throws InterruptedException {
        DeliveryQueue queue = new DeliveryQueue(100);
        queue.put(delivery(60));
        Thread reader = put(queue, delivery(60), new AtomicReference<>());
        Awaitility.await().until(() -> reader.getState() == Thread.State.WAITING);
        assertThat(queue.take(AT_ONCE)).isPresent();
        reader.join();
        assertThat(queue.take(AT_ONCE)).isPresent();
        assertThat(queue.take(AT_ONCE)).isEmpty();
    }

    @Test
    void aDeliveryLargerThanTheQueuePassesAlone() throws InterruptedException {
        DeliveryQueue queue = new DeliveryQueue(100);
        queue.put(delivery(5000));
        Thread reader = put(queue, delivery(10), new AtomicReference<>());
        Awaitility.await().until(() -> reader.getState() == Thread.State.WAITING);
        queue.take(AT_ONCE);
        reader.join();
    }

    @Test
    void interruptionEndsTheWaitForRoom() throws InterruptedException {
        DeliveryQueue queue = new DeliveryQueue(100);
        queue.put(delivery(100));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread reader = put(queue, delivery(100), thrown);
        reader.interrupt();
        reader.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void isDrainedOnlyWhenEndedAndEmpty() throws InterruptedException {
        DeliveryQueue queue = new DeliveryQueue(100);
        queue.put(delivery(10));
        assertThat(queue.drained()).isFalse();
        queue.end();
        assertThat(queue.drained()).isFalse();
        assertThat(queue.take(Duration.ofMinutes(1))).isPresent();
        assertThat(queue.drained()).isTrue();
        assertThat(queue.take(Duration.ofMinutes(1))).isEmpty();
    }

    private static Thread put(DeliveryQueue queue, Delivery delivery, AtomicReference<Throwable> thrown) {
        Thread thread = new Thread(() -> {
            try {
                queue.put(delivery);
            } catch (InterruptedException e) {
                thrown.set(e);
            }
        });
        thread.start();
        return thread;
    }
}
