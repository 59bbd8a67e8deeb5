package dev.transvase.ui.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {

    /** A clock that stands still until it is moved. */
    private static final class TestingClock extends Clock {

        private Instant now = Instant.EPOCH;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final TestingClock clock = new TestingClock();
    private final FailedLogins failures = new FailedLogins(clock);

    @Test
    void eachFurtherFailureDoublesTheWait() {
        for (int i = 0; i < 5; i++) {
            assertThat(failures.wait("a")).isZero();
            failures.failed("a");
        }
        assertThat(failures.wait("a")).isEqualTo(Duration.ofSeconds(1));
        failures.failed("a");
        assertThat(failures.wait("a")).isEqualTo(Duration.ofSeconds(2));
        assertThat(failures.wait("b")).isZero();
        clock.pass(Duration.ofSeconds(2));
        assertThat(failures.wait("a")).isZero();
        for (int i = 0; i < 40; i++) {
            failures.failed("a");
        }
        assertThat(failures.wait("a")).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void successForgetsTheFailuresOfThatAddress() {
        for (int i = 0; i < 8; i++) {
            failures.failed("a");
        }
        failures.succeeded("a");
        assertThat(failures.wait("a")).isZero();
    }

    @Test
    void manyAddressesTogetherGuessNoFaster() {
        for (int i = 0; i < 60; i++) {
            failures.failed("address " + i);
        }
        assertThat(failures.wait("another")).isPositive();
    }

    @Test
    void sessionsEndWhenNobodyUsesThem() {
        Sessions sessions = new Sessions(clock);
        String session = sessions.begin();
        for (int i = 0; i < 13; i++) {
            clock.pass(Duration.ofHours(11));
            assertThat(sessions.knows(session)).isTrue();
        }
        clock.pass(Duration.ofHours(13));
        assertThat(sessions.knows(session)).isFalse();
        assertThat(sessions.knows("other")).isFalse();
        String longest = sessions.begin();
        for (int i = 0; i < 15; i++) {
            clock.pass(Duration.ofHours(11));
            sessions.knows(longest);
        }
        clock.pass(Duration.ofHours(11));
        assertThat(sessions.knows(longest)).isFalse();
    }

    @Test
    void ofAPasswordOnlyAHashIsKept() {
        String line = Password.line("correct horse battery".toCharArray());
        assertThat(line).matches("pbkdf2-sha256\\$600000\\$[A-Za-z0-9+/=]{24}\\$[A-Za-z0-9+/=]{44}");
        assertThat(Password.line("correct horse battery".toCharArray())).isNotEqualTo(line);
        Password password = Password.of(line + "\n").orElseThrow();
        assertThat(password.is("correct horse battery".toCharArray())).isTrue();
        assertThat(password.is("correct horse batterz".toCharArray())).isFalse();
        assertThat(Password.of("plain text")).isEmpty();
        assertThat(Password.of(line.replace("600000", "1000"))).isEmpty();
        assertThatThrownBy(() -> Password.line("short".toCharArray())).isInstanceOf(TransvaseException.class);
    }
}
