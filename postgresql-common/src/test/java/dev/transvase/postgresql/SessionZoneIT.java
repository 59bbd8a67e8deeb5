package dev.transvase.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionZoneIT {

    private static TestingDatabase database;

    @BeforeAll
    static void create() {
        database = TestingPostgres.newest().createDatabase();
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    private static PostgresSession in(String zone) {
        return PostgresSession.open(Sources.in(zone, Sources.of(database)), "test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Europe/London"})
    void rulesOfJavaThatTheServerHasToo(String zone) {
        try (PostgresSession session = in(zone)) {
            assertThat(new SessionZone(session).rules())
                    .isEqualTo(java.time.ZoneId.of(zone).getRules());
        }
    }

    /** POSIX counts hours west of Greenwich, so Java's zone of that name is another one. */
    @ParameterizedTest
    @ValueSource(strings = {"<+0530>-05:30", "-3.5", "Etc/GMT-8"})
    void aFixedOffset(String zone) {
        int seconds = zone.equals("-3.5") ? -12_600 : zone.equals("Etc/GMT-8") ? 28_800 : 19_800;
        try (PostgresSession session = in(zone)) {
            assertThat(new SessionZone(session).rules().getOffset(Instant.EPOCH))
                    .isEqualTo(ZoneOffset.ofTotalSeconds(seconds));
        }
    }

    @Test
    void rulesThatJavaDoesNotHaveAreNotGuessed() {
        try (PostgresSession session = in("XYZ3ABC,M3.2.0,M11.1.0")) {
            SessionZone zone = new SessionZone(session);
            assertThatThrownBy(zone::rules)
                    .isInstanceOf(TransvaseException.class)
                    .hasMessageContaining("XYZ3ABC,M3.2.0,M11.1.0");
        }
    }
}
