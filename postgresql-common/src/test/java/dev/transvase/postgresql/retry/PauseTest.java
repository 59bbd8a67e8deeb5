package dev.transvase.postgresql.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The waits that are to be cut short would take longer than anybody has patience for. */
class PauseTest {

    private static final Duration LONG = Duration.ofDays(1000);

    @Test
    void timePasses() {
        long begin = System.nanoTime();
        assertThat(Pause.interruptible().pause(Duration.ofMillis(5))).isTrue();
        assertThat(System.nanoTime() - begin)
                .isGreaterThanOrEqualTo(Duration.ofMillis(5).toNanos());
        assertThat(Pause.until(new CountDownLatch(1)).pause(Duration.ZERO)).isTrue();
    }

    @Test
    void aCancellationEndsIt() {
        CountDownLatch cancelled = new CountDownLatch(1);
        Pause pause = Pause.until(cancelled);
        new Thread(cancelled::countDown).start();
        assertThat(pause.pause(LONG)).isFalse();
        assertThat(pause.pause(LONG)).as("from then on").isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void anInterruptionEndsItAndStays() {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread paused = new Thread(() -> {
            boolean passed = Pause.interruptible().pause(LONG);
            interrupted.complete(!passed && Thread.currentThread().isInterrupted());
        });
        paused.start();
        paused.interrupt();
        assertThat(interrupted.join()).isTrue();
    }

    @Test
    void aThreadThatIsInterruptedAlreadyDoesNotWait() {
        Thread.currentThread().interrupt();
        assertThat(Pause.interruptible().pause(LONG)).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatCannotGoOnIsCancelled() {
        CountDownLatch cancelled = new CountDownLatch(1);
        cancelled.countDown();
        assertThatThrownBy(() -> Pause.until(cancelled).pause(LONG, "connecting"))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("CANCELLED"))
                .hasMessage("connecting was cancelled");
    }
}
