package dev.transvase.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.retry.Pause;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.error.TransvaseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectRetriesTest {

    private final List<String> told = new ArrayList<>();

    /** Passes as long as is paused. */
    private long nanos = 7;

    private int attempts;

    private PostgresSession open(int seconds, String... codes) {
        ConnectRetries retries = new ConnectRetries(seconds, () -> nanos, wait -> {
            nanos += wait.toNanos();
            return true;
        });
        return retries.open(
                () -> {
                    String code = codes[Math.min(attempts++, codes.length - 1)];
                    throw TransvaseException.of(ErrorCode.external(code), "cannot connect (" + code + ')');
                },
                told::add);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECTION_TIMEOUT", "CONNECTION_LOST", "SERVER_NOT_READY", "TOO_MANY_CONNECTIONS"})
    void whatPassesIsTriedForAsLongAsIsSaidAndToldOnce(String code) {
        assertThatThrownBy(() -> open(60, code))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining("cannot connect")
                .hasMessageContaining("for 60 s");
        assertThat(TimeUnit.NANOSECONDS.toSeconds(nanos)).isEqualTo(60);
        assertThat(attempts).isBetween(13, 40);
        assertThat(told).containsExactly("cannot connect (" + code + "); retrying for up to 60 s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AUTHENTICATION_FAILED", "CONNECTION_REFUSED", "UNKNOWN_HOST", "DATABASE_NOT_FOUND"})
    void whatIsMoreLikelyAMistakeFailsAtOnce(String code) {
        assertThatThrownBy(() -> open(60, code)).hasMessage("cannot connect (" + code + ')');
        assertThat(attempts).isEqualTo(1);
        assertThat(told).isEmpty();
    }

    @Test
    void aMistakeThatComesToLightLaterEndsItToo() {
        assertThatThrownBy(() -> open(60, "SERVER_NOT_READY", "TOO_MANY_CONNECTIONS", "AUTHENTICATION_FAILED"))
                .hasMessageContaining("AUTHENTICATION_FAILED");
        assertThat(attempts).isEqualTo(3);
    }

    @Test
    void noSecondsMeansNoOtherAttempt() {
        assertThatThrownBy(() -> open(0, "TOO_MANY_CONNECTIONS")).hasMessage("cannot connect (TOO_MANY_CONNECTIONS)");
        assertThat(attempts).isEqualTo(1);
        assertThat(told).isEmpty();
    }

    @Test
    void anInterruptEndsIt() {
        ConnectRetries retries = new ConnectRetries(60, () -> nanos, Pause.interruptible());
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> retries.open(
                        () -> {
                            throw TransvaseException.of(ErrorCode.external("SERVER_NOT_READY"), "starting");
                        },
                        told::add))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("CANCELLED"));
        assertThat(Thread.interrupted()).isTrue();
    }
}
