package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.source.StreamPosition;
import dev.transvase.spi.ChangeCapture;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Split;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The slot and the publication, and what may become of them behind the job's back: never a new start in silence. */
class SlotIT {

    private TestingDatabase database;
    private Following following;

    @BeforeEach
    void create() throws Exception {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t VALUES (1)");
        following = new Following(database, "t");
    }

    @AfterEach
    void drop() {
        following.close();
        database.close();
    }

    /** The server takes a moment to let go of the slot of a run that has ended. */
    private void awaitSlotUnused() throws Exception {
        String active = "SELECT active FROM pg_replication_slots WHERE slot_name = '" + slot() + "'";
        while (database.queryForString(active).equals("t")) {
            database.execute("SELECT pg_sleep(0.05)");
        }
    }

    private String slot() {
        return "di_slot_" + database.name();
    }

    private void assertError(String code, String... texts) {
        following.check();
        assertThat(following.checks.errors())
                .singleElement()
                .asString()
                .contains(code)
                .contains(texts);
    }

    @Test
    void bothAreMadeAtTheStartKeptAtAStopShownAndDropped() throws Exception {
        following.run();
        assertThat(database.queryForList("SELECT pubname FROM pg_publication"))
                .containsExactly("di_pub_" + database.name());
        try (PostgresCdcReader reader = following.reader()) {
            ChangeCapture capture = reader.changeCapture().orElseThrow();
            Map<String, String> status = capture.status();
            assertThat(status)
                    .containsEntry("slot", slot())
                    .containsEntry("database", database.name())
                    .containsEntry("publication", "di_pub_" + database.name())
                    .containsEntry("active", "no")
                    .containsEntry("tables", "public.t")
                    .containsEntry("wal_status", "reserved")
                    .containsKeys("behind by", "log kept", "confirmed");
            assertThat(capture.drop()).hasSize(2);
            assertThat(capture.status().get("slot")).contains("does not exist");
            assertThat(capture.drop()).hasSize(1);
        }
        assertThat(database.queryForList("SELECT pubname FROM pg_publication")).isEmpty();
        assertThat(database.queryForList("SELECT FROM pg_replication_slots WHERE slot_name = '" + slot() + "'"))
                .isEmpty();
    }

    @Test
    void aSlotThatIsGoneIsToldAndNotMadeAnew() throws Exception {
        following.run();
        awaitSlotUnused();
        database.execute("SELECT pg_drop_replication_slot('" + slot() + "')");
        assertError("SLOT_MISSING", slot(), "cdc drop");
    }

    @Test
    void aSlotThatWasMadeAnewIsTold() throws Exception {
        following.run();
        awaitSlotUnused();
        database.execute(
                "SELECT pg_drop_replication_slot('" + slot() + "')",
                "SET synchronous_commit = on",
                "INSERT INTO t VALUES (2)",
                "SELECT pg_create_logical_replication_slot('" + slot() + "', 'pgoutput')");
        assertError("SLOT_MOVED", slot());
    }

    /** As after a restore from a backup that is older than what the target has. */
    @Test
    void aSourceThatWasSetBackIsTold() throws Exception {
        following.run();
        awaitSlotUnused();
        String split = following.positions.keySet().iterator().next();
        Position stored = following.positions.get(split);
        StreamPosition streamed = StreamPosition.of(stored);
        following.positions.put(
                split,
                new StreamPosition(
                                true,
                                new Lsn(streamed.lsn().value() + (1L << 40)),
                                streamed.systemId(),
                                stored.context())
                        .toPosition());
        assertError("SOURCE_SET_BACK", "the source was restored", "cdc drop");
    }

    @Test
    void aSlotOfAnotherDatabaseIsNoneOfThisJob() throws Exception {
        try (TestingDatabase other = TestingPostgres.newest().createDatabase();
                Following there = new Following(other, "t")) {
            other.execute("CREATE TABLE t (id int PRIMARY KEY)", "ALTER TABLE t REPLICA IDENTITY FULL");
            following.run();
            awaitSlotUnused();
            there.solutionId = following.solutionId;
            assertThatThrownBy(there::check).hasMessageContaining("belongs to database " + database.name());
            try (PostgresCdcReader reader = there.reader()) {
                ChangeCapture capture = reader.changeCapture().orElseThrow();
                assertThatThrownBy(capture::drop).hasMessageContaining("choose another solutionId");
            }
            there.solutionId = "apart";
        }
        assertThat(database.queryForList(
                        "SELECT slot_name FROM pg_replication_slots WHERE database = '" + database.name() + "'"))
                .containsExactly(slot());
    }

    @Test
    void aSlotThatWasMovedIsTold() throws Exception {
        following.run();
        awaitSlotUnused();
        database.execute(
                "SET synchronous_commit = on", // so that the log is written up to here
                "INSERT INTO t VALUES (2)",
                "SELECT pg_replication_slot_advance('" + slot() + "', pg_current_wal_lsn())");
        assertError("SLOT_MOVED", slot());
    }

    @Test
    void aSlotThatTheTargetKnowsNothingOfIsTold() throws Exception {
        following.run();
        following.positions.clear();
        assertError("SLOT_EXISTS", slot(), "cdc drop");
    }

    @Test
    void aSlotIsDroppedOnceTheRunThatHasItEnds() throws Exception {
        following.run();
        following.untilCurrent = false;
        AtomicReference<CompletableFuture<List<String>>> dropping = new AtomicReference<>();
        following.enough = stream -> {
            // The run ends while the other thread is about to drop, or waits to.
            dropping.compareAndSet(null, CompletableFuture.supplyAsync(() -> {
                try (PostgresCdcReader reader = following.reader()) {
                    return reader.changeCapture().orElseThrow().drop();
                }
            }));
            return true;
        };
        following.run();
        assertThat(dropping.get().get()).hasSize(2).first().asString().contains(slot());
    }

    @Test
    void aSlotThatAnotherSessionUsesIsTriedAgainAndItsHolderNamed() throws Exception {
        following.run();
        database.execute("INSERT INTO t VALUES (2)");
        following.reconnectSeconds = 1;
        String slot = slot();
        try (PostgresSession other = PostgresSession.openForReplication(following.dataSource(), "the other")) {
            other.pg()
                    .getCopyAPI()
                    .copyDual("START_REPLICATION SLOT " + slot + " LOGICAL 0/0 (proto_version '1', publication_names '"
                            + "di_pub_" + database.name() + "')");
            String process = database.queryForString(
                    "SELECT active_pid FROM pg_replication_slots WHERE slot_name = '" + slot + "'");
            assertThatThrownBy(following::run)
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("SLOT_ACTIVE"))
                    .hasMessageContaining(slot + " is in use by process " + process)
                    .hasMessageContaining("the other")
                    .hasMessageContaining("given up after 1 s");
            assertThat(following.checks.warnings())
                    .singleElement()
                    .asString()
                    .contains(
                            "solutionId", "in use by process " + process, "the other", "up to 1 s (reconnectSeconds)");
        }
        following.reconnectSeconds = 30; // the server takes a moment to notice
        following.run();
        assertThat(following.lines).containsExactly("ROW t 1", "INSERT t 2");
    }

    @Test
    void aSlotWhoseLogTheServerHasThrownAwayIsTold() throws Exception {
        try (SeparatePostgres separate = SeparatePostgres.start(
                        TestingPostgres.newest().major(),
                        Map.of("max_slot_wal_keep_size", "1MB", "max_wal_size", "32MB"));
                TestingDatabase small = separate.server().createDatabase()) {
            small.execute("CREATE TABLE t (id int)", "ALTER TABLE t REPLICA IDENTITY FULL");
            Following lost = new Following(small, "t");
            lost.run();
            for (int i = 0; i < 4; i++) {
                small.execute("INSERT INTO t VALUES (1)", "SELECT pg_switch_wal()", "CHECKPOINT");
            }
            lost.check();
            assertThat(lost.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("SLOT_LOST", "max_slot_wal_keep_size", "cdc drop");
            assertThatThrownBy(lost::run).hasMessageContaining("SLOT_LOST");
        }
    }

    @Test
    void aSlotThatWasIdleForTooLongIsTold() throws Exception {
        try (SeparatePostgres separate = SeparatePostgres.start(18, Map.of("idle_replication_slot_timeout", "1s"));
                TestingDatabase idle = separate.server().createDatabase()) {
            idle.execute("CREATE TABLE t (id int)", "ALTER TABLE t REPLICA IDENTITY FULL");
            Following lost = new Following(idle, "t");
            lost.run();
            while (idle.queryForList("SELECT 1 FROM pg_replication_slots WHERE invalidation_reason = 'idle_timeout'")
                    .isEmpty()) {
                idle.execute("CHECKPOINT");
            }
            lost.check();
            assertThat(lost.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("SLOT_LOST", "idle_replication_slot_timeout", "cdc drop")
                    .doesNotContain("max_slot_wal_keep_size");
        }
    }

    @Test
    void aUserWhoMayNoLongerReplicateIsToldWhileTheJobRuns() throws Exception {
        TestingLogin login = database.createLogin();
        database.execute(
                "ALTER TABLE t OWNER TO " + login.user(),
                "GRANT CREATE ON DATABASE " + database.name() + " TO " + login.user(),
                "ALTER USER " + login.user() + " REPLICATION");
        following.user = login.user();
        following.password = login.password();
        following.run();
        database.execute("INSERT INTO t VALUES (2)");
        following.untilCurrent = false;
        assertThatThrownBy(() -> following.run(line -> {
                    if (line.equals("INSERT t 2")) {
                        execute(
                                database,
                                "ALTER USER " + login.user() + " NOREPLICATION",
                                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"
                                        + slot() + "'");
                    }
                    return false;
                }))
                .hasMessageContaining("user " + login.user() + " no longer has the REPLICATION privilege")
                .hasMessageContaining("ALTER USER \"" + login.user() + "\" REPLICATION");
        awaitSlotUnused();
        database.execute("ALTER USER " + login.user() + " REPLICATION");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 17})
    void aPublicationThatIsDroppedWhileTheJobRunsIsTold(int major) throws Exception {
        try (TestingDatabase other = TestingPostgres.major(major).createDatabase();
                Following dropped = new Following(other, "t")) {
            other.execute("CREATE TABLE t (id int)", "ALTER TABLE t REPLICA IDENTITY FULL");
            dropped.run();
            other.execute("INSERT INTO t VALUES (2)");
            dropped.untilCurrent = false;
            assertThatThrownBy(() -> dropped.run(line -> {
                        if (line.equals("INSERT t 2")) {
                            execute(other, "DROP PUBLICATION di_pub_" + other.name());
                            execute(other, "INSERT INTO t VALUES (3)");
                        }
                        return line.equals("INSERT t 3");
                    }))
                    .hasMessageContaining("di_pub_" + other.name())
                    .hasMessageContaining("cdc drop");
        }
    }

    private static void execute(TestingDatabase database, String... statements) {
        try {
            database.execute(statements);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPublicationThatIsGoneIsTold() throws Exception {
        following.run();
        database.execute("DROP PUBLICATION di_pub_" + database.name(), "INSERT INTO t VALUES (2)");
        assertThatThrownBy(following::run)
                .hasMessageContaining("the publication di_pub_" + database.name() + " no longer exists")
                .hasMessageContaining("cdc drop");
        assertThat(database.queryForList("SELECT pubname FROM pg_publication")).isEmpty();
    }

    @Test
    void aPublicationThatLacksATableIsTold() throws Exception {
        following.run();
        database.execute("ALTER PUBLICATION di_pub_" + database.name() + " DROP TABLE t");
        assertError("PUBLICATION_LACKS_TABLE", "public.t", "cdc drop", "newTables to follow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"WHERE (id > 5)", "(id)"})
    void aPublicationThatKeepsRowsOrColumnsBackIsTold(String filter) throws Exception {
        following.run();
        database.execute("ALTER PUBLICATION di_pub_" + database.name() + " SET TABLE t " + filter);
        assertError("PUBLICATION_FILTERS", "public.t", "DROP TABLE \"public\".\"t\"", "ADD TABLE");
    }

    @Test
    void aPublicationThatLacksAKindOfChangeIsTold() throws Exception {
        following.run();
        database.execute("ALTER PUBLICATION di_pub_" + database.name() + " SET (publish = 'insert, update')");
        assertError(
                "PUBLICATION_LACKS_CHANGES", "delete, truncate", "SET (publish = 'insert, update, delete, truncate')");
    }

    @Test
    void aPublicationOfPartitionsOnTheirOwnIsTold() throws Exception {
        database.execute(
                "CREATE TABLE p (id int) PARTITION BY RANGE (id)",
                "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
                "ALTER TABLE p REPLICA IDENTITY FULL",
                "ALTER TABLE p1 REPLICA IDENTITY FULL");
        following = new Following(database, "p");
        following.run();
        database.execute("ALTER PUBLICATION di_pub_" + database.name() + " SET (publish_via_partition_root = false)");
        assertError("PUBLICATION_LACKS_ROOT", "public.p", "publish_via_partition_root = true");
    }

    /** The plan has seen it whole; the slot begins later. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ALTER PUBLICATION $ DROP TABLE t              | PUBLICATION_LACKS_TABLE
            ALTER PUBLICATION $ SET (publish = 'insert')  | PUBLICATION_LACKS_CHANGES
            ALTER PUBLICATION $ SET TABLE t (id)          | PUBLICATION_FILTERS
            """)
    void aPublicationThatIsNotWholeWhereTheSlotBeginsIsRefused(String change, String code) throws Exception {
        database.execute(
                "CREATE PUBLICATION di_pub_" + database.name() + " FOR TABLE t WITH (publish_via_partition_root)");
        try (PostgresCdcReader reader = following.reader()) {
            ReadPlan plan = reader.plan(following.checks);
            List<Split> splits = reader.split(plan.tables(), 1, following.checks);
            assertThat(following.checks.errors()).isEmpty();
            database.execute(change.replace("$", "di_pub_" + database.name()));
            assertThatThrownBy(() -> reader.open(splits.get(1), plan.tables().get(0), Position.START))
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo(code));
        }
        assertThat(database.queryForList("SELECT FROM pg_replication_slots WHERE slot_name = '" + slot() + "'"))
                .isEmpty();
    }

    @Test
    void anIntentionWithoutMoreBeginsOnceMoreAndEmptiesTheTables() throws Exception {
        following.run(line -> line.startsWith("ROW")); // cut off in the snapshot: only the intention is stored
        StreamPosition stored = StreamPosition.of(following.positions.get(slot()));
        if (stored.begun()) {
            following.positions.put(
                    slot(), StreamPosition.intended(stored.systemId()).toPosition());
        }
        following.lines.clear();
        database.execute("INSERT INTO t VALUES (2)");
        following.run();
        assertThat(following.lines).containsExactlyInAnyOrder("TRUNCATE t", "ROW t 1", "ROW t 2");
        assertThat(following.lines.get(0)).isEqualTo("TRUNCATE t");
    }
}
