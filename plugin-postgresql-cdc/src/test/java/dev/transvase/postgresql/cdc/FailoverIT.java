package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.testing.StandbyPostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A standby takes over, with the slot: it goes on where it had all that the target has, and not where it had not. */
class FailoverIT {

    /** A slot can be made on a standby, which needs a word of the primary while it is made. */
    private static void createSlotOnStandby(TestingDatabase database, TestingDatabase standby) throws Exception {
        String slot = "di_slot_" + database.name();
        Thread speaking = new Thread(() -> {
            try {
                while (!Thread.interrupted()) {
                    database.execute("SELECT pg_log_standby_snapshot()", "SELECT pg_sleep(0.05)");
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        speaking.start();
        standby.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
        speaking.interrupt();
        speaking.join();
    }

    @Test
    void theStreamGoesOnWithAStandbyThatHadAllAndNotWithOneThatLacksSome() throws Exception {
        try (StandbyPostgres servers =
                        StandbyPostgres.start(TestingPostgres.newest().major(), Map.of("hot_standby_feedback", "on"));
                TestingDatabase database = servers.primary().createDatabase()) {
            database.execute("CREATE TABLE t (id int PRIMARY KEY)", "ALTER TABLE t REPLICA IDENTITY FULL");
            servers.awaitReplay();
            TestingDatabase standby = servers.onStandby(database);
            Following following = new Following(database, "t");
            following.run();
            createSlotOnStandby(database, standby);
            database.execute("INSERT INTO t VALUES (1)");
            following.run();
            servers.awaitReplay();
            Following behind = new Following(database, "t");
            behind.positions.putAll(following.positions);
            standby.execute("ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()");
            while (!standby.queryForList("SELECT pid FROM pg_stat_wal_receiver").isEmpty()) {
                standby.execute("SELECT pg_sleep(0.02)");
            }
            database.execute("INSERT INTO t VALUES (2)");
            following.run();
            standby.execute("SELECT pg_promote()");
            // As much log as the old primary had, so that its length tells nothing.
            standby.execute("SELECT pg_switch_wal()", "INSERT INTO t VALUES (3)", "SELECT pg_switch_wal()");

            for (Following one : new Following[] {following, behind}) {
                one.host = standby.host();
                one.port = standby.port();
                one.user = standby.user();
                one.password = standby.password();
            }
            behind.run();
            assertThat(behind.lines).containsExactly("INSERT t 3");
            following.check();
            assertThat(following.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("SOURCE_SET_BACK", "is now on timeline 2, which left timeline 1 at");
            assertThatThrownBy(following::run).hasMessageContaining("SOURCE_SET_BACK");
            behind.close();
        }
    }
}
