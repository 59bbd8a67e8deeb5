package dev.transvase.postgresql.cdc.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.cdc.Following;
import dev.transvase.postgresql.cdc.PostgresCdcReader;
import dev.transvase.postgresql.cdc.StreamIT;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Snapshot;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A slot that waits for others' transactions: it is said for whom, and nothing is left when it is given up. */
class SlotMakingIT {

    static List<Integer> oldestAndNewest() {
        return StreamIT.oldestAndNewest();
    }

    private static TestingDatabase database(TestingPostgres server) throws Exception {
        TestingDatabase database = server.createDatabase();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "CREATE TABLE other (id int)",
                "INSERT INTO t VALUES (1)");
        return database;
    }

    static void assertNothingIsLeft(TestingDatabase database) throws SQLException {
        assertThat(database.queryForList(
                        "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()"))
                .isEmpty();
        assertThat(database.queryForList("SELECT pubname FROM pg_publication")).isEmpty();
        assertThat(database.queryForList("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND query ILIKE 'CREATE_REPLICATION_SLOT%' AND pid <> pg_backend_pid()"))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void whoKeepsASlotFromBeingMadeIsNamed(int major) throws Exception {
        try (TestingDatabase database = database(TestingPostgres.major(major));
                Following following = new Following(database, "t");
                Connection open = database.connect();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("INSERT INTO other VALUES (4711)");
            following.slotWaitSeconds = 1;
            assertThatThrownBy(following::run)
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("SLOT_WAIT"))
                    .hasMessageContaining("within 1 s (slotWaitSeconds)")
                    .hasMessageContaining("waits for pid ")
                    .hasMessageContaining(", idle in transaction for ")
                    .hasMessageContaining("): INSERT INTO other VALUES (4711)");
            assertNothingIsLeft(database);
            open.rollback();
            following.run();
            assertThat(following.lines).last().isEqualTo("ROW t 1");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPreparedTransactionThatKeepsASlotFromBeingMadeIsNamed(int major) throws Exception {
        try (SeparatePostgres separate = SeparatePostgres.start(major, Map.of("max_prepared_transactions", "2"));
                TestingDatabase database = database(separate.server())) {
            database.execute("BEGIN; INSERT INTO other VALUES (1); PREPARE TRANSACTION 'forgotten'");
            Following following = new Following(database, "t");
            following.slotWaitSeconds = 1;
            assertThatThrownBy(following::run)
                    .hasMessageContaining("the prepared transaction 'forgotten' of")
                    .hasMessageContaining("ROLLBACK PREPARED");
            assertNothingIsLeft(database);
            database.execute("ROLLBACK PREPARED 'forgotten'");
        }
    }

    /** With a snapshot the one that reads waits itself; without, it is asked whether there is anything to read. */
    @ParameterizedTest
    @CsvSource({"INITIAL", "NEVER"})
    void aSlotThatIsWaitedForIsGivenUpAtOnceWhenTheJobIsStopped(Snapshot snapshot) throws Exception {
        try (TestingDatabase database = database(TestingPostgres.newest());
                Following following = new Following(database, "t");
                Connection blocking = database.connect();
                Statement statement = blocking.createStatement();
                PostgresCdcReader reader = openReader(following, snapshot)) {
            blocking.setAutoCommit(false);
            statement.execute("INSERT INTO other VALUES (1)");
            ReadPlan plan = reader.plan(following.checks);
            List<Split> splits = reader.split(plan.tables(), 1, following.checks);
            CompletableFuture<TransvaseException> ended = new CompletableFuture<>();
            Thread reading = new Thread(() -> {
                try (SplitReader open = reader.open(splits.get(1), plan.tables().get(0), Position.START)) {
                    while (open.poll(Duration.ofMillis(50)).isEmpty()) {
                        if (Thread.currentThread().isInterrupted()) {
                            break;
                        }
                    }
                    ended.complete(null);
                } catch (TransvaseException e) {
                    ended.complete(e);
                }
            });
            reading.start();
            awaitWaiting(database);
            reading.interrupt();
            reading.join();
            assertThat(Optional.ofNullable(ended.get())
                            .map(TransvaseException::code)
                            .orElse("CANCELLED"))
                    .isEqualTo("CANCELLED");
            assertNothingIsLeft(database);
        }
    }

    private static PostgresCdcReader openReader(Following following, Snapshot snapshot) {
        following.snapshot = snapshot;
        return following.reader();
    }

    private static void awaitWaiting(TestingDatabase database) throws SQLException {
        while (database.queryForList("SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
                        + " WHERE NOT l.granted AND a.datname = current_database()")
                .isEmpty()) {
            database.execute("SELECT pg_sleep(0.02)");
        }
    }

    /** Else every update and delete of the table would fail from the moment on that the publication has it. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTableThatIsNotIdentifiedAnyMoreIsNotPublished(int major) throws Exception {
        try (TestingDatabase database = database(TestingPostgres.major(major));
                Following following = new Following(database, "t");
                PostgresCdcReader reader = following.reader()) {
            ReadPlan plan = reader.plan(following.checks);
            List<Split> splits = reader.split(plan.tables(), 1, following.checks);
            database.execute("ALTER TABLE t REPLICA IDENTITY NOTHING");
            assertThatThrownBy(() -> reader.open(splits.get(1), plan.tables().get(0), Position.START))
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("REPLICA_IDENTITY"))
                    .hasMessageContaining("REPLICA IDENTITY FULL");
            assertNothingIsLeft(database);
            database.execute("UPDATE t SET id = 2", "DELETE FROM t");
        }
    }
}
