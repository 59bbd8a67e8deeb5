package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.StandbyPostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class StandbyIT {

    static List<Integer> oldestAndNewest() {
        List<Integer> majors = TestingPostgres.majors();
        return List.of(majors.get(0), majors.get(majors.size() - 1));
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aStandbyIsReadAtOneMomentOfItsOwn(int major) throws SQLException {
        try (StandbyPostgres servers = StandbyPostgres.start(major, Map.of("max_standby_streaming_delay", "0"))) {
            TestingDatabase database = servers.primary().createDatabase();
            database.execute(
                    "CREATE TABLE account (id bigint PRIMARY KEY, balance int)",
                    "INSERT INTO account SELECT n, 100 FROM generate_series(1, 1000) n",
                    "CREATE UNLOGGED TABLE quick (id int)");
            servers.awaitReplay();
            whatAStandbyLacksIsLeftOut(servers.onStandby(database));
            allSplitsSeeOneMoment(servers, database);
            aConflictWithReplaySaysWhatToDo(servers, database);
        }
    }

    private static void whatAStandbyLacksIsLeftOut(TestingDatabase standby) {
        try (Reading reading = Reading.of(ReaderSetup.of(standby).table("public.*"), 1)) {
            assertThat(reading.checks.errors).isEmpty();
            assertThat(reading.plan.leftOut())
                    .singleElement()
                    .satisfies(left -> assertThat(left.table()).isEqualTo("public.quick"))
                    .satisfies(left -> assertThat(left.why()).contains("unlogged"));
            assertThat(reading.rows()).hasSize(1000);
        }
    }

    private static void allSplitsSeeOneMoment(StandbyPostgres servers, TestingDatabase database) throws SQLException {
        try (Reading reading = Reading.of(
                ReaderSetup.of(servers.onStandby(database)).table("account").splitPk("id"), 2)) {
            assertThat(reading.checks.warnings)
                    .singleElement()
                    .satisfies(w -> assertThat(w.parameter()).isEqualTo("datasource"))
                    .satisfies(w -> assertThat(w.message()).contains("standby", "may lag behind"));
            assertThat(reading.splits).hasSize(10);
            database.execute("UPDATE account SET balance = balance + 1", "INSERT INTO account VALUES (-1, 5)");
            servers.awaitReplay();
            List<List<String>> rows = reading.rows();
            assertThat(rows)
                    .hasSize(1000)
                    .allSatisfy(row -> assertThat(row.get(1)).isEqualTo("100"));
        }
    }

    /** The standby cancels a statement, and ends a session that does nothing, when they see rows that are cleared away. */
    private static void aConflictWithReplaySaysWhatToDo(StandbyPostgres servers, TestingDatabase database)
            throws SQLException {
        try (Reading reading = Reading.of(
                        ReaderSetup.of(servers.onStandby(database))
                                .table("account")
                                .column("id", "pg_sleep(id / 100)::text")
                                .splitPk("id"),
                        2);
                SplitReader reader = reading.open(reading.splits.get(9))) {
            CompletableFuture<?> poll = CompletableFuture.supplyAsync(() -> reader.poll(Duration.ofMinutes(5)));
            awaitBusy(servers.onStandby(database));
            database.execute("DELETE FROM account", "VACUUM account");
            assertThatThrownBy(poll::get).cause().isInstanceOfSatisfying(TransvaseException.class, e -> {
                assertThat(e.code()).isEqualTo("STANDBY_CONFLICT");
                assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
                assertThat(e).hasMessageContainingAll("hot_standby_feedback", "max_standby_streaming_delay");
            });
            servers.awaitReplay();
            try (SplitReader late = reading.open(reading.splits.get(0))) {
                assertThatThrownBy(() -> late.poll(Duration.ofMinutes(5)))
                        .isInstanceOfSatisfying(
                                TransvaseException.class,
                                e -> assertThat(e.code()).isEqualTo("SNAPSHOT_GONE"));
            }
        }
    }

    private static void awaitBusy(TestingDatabase database) throws SQLException {
        String sleeping = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        while (!database.queryForString(sleeping).equals("1")) {
            Thread.onSpinWait();
        }
    }
}
