package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Snapshot;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the plan of a snapshot says, and whom it waits for. */
class SnapshotPlanIT {

    private static TestingDatabase database() throws Exception {
        TestingDatabase database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t SELECT generate_series(1, 4000)",
                "CREATE TABLE u (id int PRIMARY KEY)",
                "ALTER TABLE u REPLICA IDENTITY FULL",
                "INSERT INTO u SELECT generate_series(1, 100)",
                "ANALYZE");
        return database;
    }

    @Test
    void itSaysAboutHowManyRowsThereAre() throws Exception {
        try (TestingDatabase database = database();
                Following following = new Following(database, "t", "u")) {
            following.channels = 1;
            Map<String, OptionalLong> expected = following.expected();
            assertThat(expected)
                    .containsValues(OptionalLong.of(4000), OptionalLong.of(100), OptionalLong.of(0))
                    .containsValue(OptionalLong.empty()) // the stream's
                    .hasSize(4);
            following.channels = 2;
            assertThat(following.expected().values().stream()
                            .mapToLong(rows -> rows.orElse(0))
                            .sum())
                    .isBetween(4090L, 4100L);
            following.snapshot = Snapshot.ONLY;
            assertThat(following.expected()).doesNotContainValue(OptionalLong.empty());
        }
    }

    @Test
    void aTableThatIsLockedIsNotWaitedForWithoutEnd() throws Exception {
        try (TestingDatabase database = database();
                Following following = new Following(database, "t");
                Connection holder = database.connect();
                Statement locking = holder.createStatement()) {
            holder.setAutoCommit(false);
            locking.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            following.lockWaitSeconds = 1;
            assertThatThrownBy(following::check)
                    .isInstanceOfSatisfying(TransvaseException.class, e -> {
                        assertThat(e.code()).isEqualTo("TABLE_LOCK_WAIT");
                        assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
                    })
                    .hasMessageContaining("a lock on public.t, held by pid ")
                    .hasMessageContaining("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            // In one piece it need not be looked into before the run, which waits as long as slotWaitSeconds says.
            following.channels = 1;
            assertThat(following.expected()).containsValue(OptionalLong.empty());
        }
    }
}
