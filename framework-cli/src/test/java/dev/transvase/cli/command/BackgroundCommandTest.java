package dev.transvase.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BackgroundCommandTest {

    @Test
    void endsWhenItIsTold() throws InterruptedException {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        CountDownLatch listening = new CountDownLatch(1);
        BackgroundCommand command = BackgroundCommand.start(signals -> {
            signals.listen(() -> {
                code.complete(5);
                return OptionalInt.empty();
            });
            listening.countDown();
            return code.join();
        });
        listening.await();

        assertThat(command.await(Duration.ZERO)).isEmpty();
        assertThat(command.terminate()).isEqualTo(5);
        assertThat(command.await(Duration.ZERO)).hasValue(5);
    }

    @Test
    void isToldAlsoWhenItListensLate() throws InterruptedException {
        CountDownLatch terminated = new CountDownLatch(1);
        BackgroundCommand command = BackgroundCommand.start(signals -> {
            awaitUninterrupted(terminated);
            int[] code = {0};
            signals.listen(() -> {
                code[0] = 6;
                return OptionalInt.empty();
            });
            return code[0];
        });

        // An interrupted thread tells the command to end, and then does not wait for it.
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(command::terminate);
        terminated.countDown();

        assertThat(command.terminate()).isEqualTo(6);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void isNotToldWhenItHasStoppedListening() throws InterruptedException {
        BackgroundCommand command = BackgroundCommand.start(signals -> {
            signals.listen(() -> {
                        throw new AssertionError("nobody listens");
                    })
                    .run();
            return 0;
        });

        assertThat(command.await(Duration.ofDays(1))).hasValue(0);
        assertThat(command.terminate()).isZero();
    }

    @Test
    void aFailureWithoutAnExitCodeIsOfTheCallers() {
        BackgroundCommand command = BackgroundCommand.start(signals -> {
            throw new IllegalArgumentException("broken");
        });

        assertThatIllegalStateException()
                .isThrownBy(command::terminate)
                .havingCause()
                .withMessage("broken");
    }
}
