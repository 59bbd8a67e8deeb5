package dev.transvase.postgresql.cdc.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.Following;
import dev.transvase.postgresql.cdc.PostgresCdcReader;
import dev.transvase.postgresql.cdc.StreamIT;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Snapshot;
import dev.transvase.postgresql.cdc.wait.Patience;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Split;
import dev.transvase.spi.table.TableName;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the snapshot ends the stream begins: no gap and no overlap. */
class SnapshotIT {

    static List<Integer> oldestAndNewest() {
        return StreamIT.oldestAndNewest();
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void tablesComeBehindThoseThatTheyReferTo(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "public.*")) {
            database.execute(
                    "CREATE TABLE c (id int PRIMARY KEY)",
                    "CREATE TABLE b (id int PRIMARY KEY REFERENCES c)",
                    "CREATE TABLE a (id int PRIMARY KEY REFERENCES b)",
                    "CREATE TABLE d (id int PRIMARY KEY)",
                    "INSERT INTO c VALUES (1)",
                    "INSERT INTO b VALUES (1)",
                    "INSERT INTO a VALUES (1)");
            for (String table : List.of("a", "b", "c", "d")) {
                database.execute("ALTER TABLE " + table + " REPLICA IDENTITY FULL");
            }
            assertThat(stages(following, 1)).containsExactly("a 1", "b 1", "c 1", "d 1", "stream 2");
            assertThat(stages(following, 2)).containsExactly("a 3", "b 2", "c 1", "d 1", "stream 4");
            following.channels = 1;
            following.run();
            database.execute("INSERT INTO c VALUES (2)");
            following.run();
            assertThat(following.lines).containsExactly("ROW c 1", "ROW b 1", "ROW a 1", "INSERT c 2");
        }
    }

    private static List<String> stages(Following following, int channels) {
        try (PostgresCdcReader reader = following.reader()) {
            ReadPlan plan = reader.plan(following.checks);
            return reader.split(plan.tables(), channels, following.checks).stream()
                    .skip(1)
                    .map(s -> (s.table() == Split.MANY_TABLES
                                    ? "stream"
                                    : plan.tables().get(s.table()).table().name())
                            + ' '
                            + s.stage())
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void rowsAndChangesOfATreeComeOnceUnderTheirOwnNames(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "public.*");
                Following part = new Following(database, "person")) {
            database.execute(
                    "CREATE TABLE person (name text PRIMARY KEY)",
                    "CREATE TABLE emp (salary int) INHERITS (person)",
                    "ALTER TABLE person REPLICA IDENTITY FULL",
                    "ALTER TABLE emp REPLICA IDENTITY FULL",
                    "INSERT INTO person VALUES ('a')",
                    "INSERT INTO emp VALUES ('b', 1)");
            part.check();
            assertThat(part.checks.errors())
                    .singleElement()
                    .asString()
                    .contains("CHILDREN_NOT_FOLLOWED", "public.person has children that are not followed: public.emp");
            following.run();
            assertThat(following.lines).containsExactlyInAnyOrder("ROW person a", "ROW emp b 1");
            database.execute("UPDATE person SET name = name || 'x'", "DELETE FROM ONLY person");
            following.run();
            assertThat(following.lines.subList(2, following.lines.size()))
                    .containsExactlyInAnyOrder(
                            "UPDATE_BEFORE person a",
                            "UPDATE_AFTER person ax",
                            "UPDATE_BEFORE emp b 1",
                            "UPDATE_AFTER emp bx 1",
                            "DELETE person ax");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void rowsOfBusyTablesComeOnce(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "t")) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, v int)",
                    "ALTER TABLE t REPLICA IDENTITY FULL",
                    "INSERT INTO t SELECT i, 0 FROM generate_series(1, 5000) i");
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger written = new AtomicInteger(5000);
            Thread writer = new Thread(() -> write(database, stop, written));
            try (Connection open = database.connect();
                    Statement statement = open.createStatement()) {
                // Begun before the slot is made, which waits for it, and committed while it does.
                open.setAutoCommit(false);
                statement.execute("INSERT INTO t VALUES (-1, 0)");
                writer.start();
                Thread committer = new Thread(() -> commitOnceWaitedFor(database, open));
                committer.start();
                following.run();
                committer.join();
            } finally {
                stop.set(true);
                writer.join();
            }
            following.run();
            Map<String, String> rows = new HashMap<>();
            for (String line : following.lines) {
                String[] fields = line.split(" ", -1);
                switch (fields[0]) {
                    case "ROW", "INSERT" ->
                        assertThat(rows.put(fields[2], fields[3])).as(line).isNull();
                    case "UPDATE_BEFORE", "DELETE" ->
                        assertThat(rows.remove(fields[2])).as(line).isEqualTo(fields[3]);
                    default -> rows.put(fields[2], fields[3]);
                }
            }
            Map<String, String> expected = new HashMap<>();
            database.query("SELECT id, v FROM t").forEach(row -> expected.put(row.get(0), row.get(1)));
            assertThat(rows).isEqualTo(expected);
            assertThat(written.get()).isGreaterThan(5000);
        }
    }

    private static void write(TestingDatabase database, AtomicBoolean stop, AtomicInteger written) {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, 0)");
                PreparedStatement update = connection.prepareStatement("UPDATE t SET v = v + 1 WHERE id = ?");
                PreparedStatement delete = connection.prepareStatement("DELETE FROM t WHERE id = ?")) {
            while (!stop.get()) {
                int id = written.incrementAndGet();
                insert.setInt(1, id);
                insert.execute();
                update.setInt(1, id - 2500);
                update.execute();
                delete.setInt(1, id - 5000);
                delete.execute();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void commitOnceWaitedFor(TestingDatabase database, Connection open, String... statements) {
        awaitOne(
                database,
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE_REPLICATION_SLOT%'"
                        + " AND datname = current_database()");
        try (Statement statement = open.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            open.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTableIsNotRewrittenBeforeItWasRead(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "a", "b")) {
            createTwo(database);
            Thread altering = new Thread(() -> execute(database, "ALTER TABLE b ALTER v TYPE bigint USING v + 0"));
            following.run(line -> {
                if (line.startsWith("ROW a") && altering.getState() == Thread.State.NEW) {
                    altering.start();
                    awaitOne(database, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'b'::regclass");
                }
                return false;
            });
            altering.join();
            assertThat(following.lines)
                    .filteredOn(line -> line.startsWith("ROW b"))
                    .hasSize(1000);
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTableThatIsTruncatedWhileTheSlotIsMadeIsReadAsItIsThen(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "a", "b");
                Connection open = database.connect();
                Statement statement = open.createStatement()) {
            createTwo(database);
            open.setAutoCommit(false);
            statement.execute("SELECT txid_current()"); // the slot waits for it
            Thread committer =
                    new Thread(() -> commitOnceWaitedFor(database, open, "TRUNCATE b", "INSERT INTO b VALUES (7, 7)"));
            committer.start();
            following.run();
            committer.join();
            following.run();
            assertThat(following.lines).filteredOn(line -> line.contains(" b ")).containsExactly("ROW b 7 7");
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void tablesAreComparedWithWhatTheyWere(int major) throws Exception {
        try (TestingDatabase database = TestingPostgres.major(major).createDatabase();
                Following following = new Following(database, "a", "b")) {
            createTwo(database);
            database.execute(
                    "CREATE TABLE p (id int, v int) PARTITION BY RANGE (id)",
                    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)");
            assertThat(rewritten(following, database, "SELECT 1")).isEmpty();
            assertThat(rewritten(following, database, "TRUNCATE b")).containsExactly(table("b"));
            assertThat(rewritten(following, database, "TRUNCATE p1")).containsExactly(table("p"));
            assertThat(rewritten(following, database, "VACUUM FULL a")).containsExactly(table("a"));
            assertThatThrownBy(() -> rewritten(following, database, "ALTER TABLE a ADD COLUMN w int"))
                    .hasMessageContaining("public.a has other columns");
            assertThatThrownBy(() -> rewritten(following, database, "ALTER TABLE a RENAME TO c"))
                    .hasMessageContaining("public.a was dropped or renamed");
        }
    }

    private static List<TableName> rewritten(Following following, TestingDatabase database, String change)
            throws SQLException {
        PostgresSession session = PostgresSession.open(following.dataSource(), "test");
        Map<TableName, HeldTables.State> seen = HeldTables.look(session, List.of(table("a"), table("b"), table("p")));
        assertThat(seen).hasSize(3);
        database.execute(change);
        try (HeldTables held = HeldTables.lock(session, seen, new Patience(Duration.ofMinutes(1), notice -> {}))) {
            return held.rewritten();
        }
    }

    private static TableName table(String name) {
        return new TableName("public", name);
    }

    private static void createTwo(TestingDatabase database) throws SQLException {
        for (String table : List.of("a", "b")) {
            database.execute(
                    "CREATE TABLE " + table + " (id int PRIMARY KEY, v int)",
                    "ALTER TABLE " + table + " REPLICA IDENTITY FULL",
                    "INSERT INTO " + table + " SELECT i, i FROM generate_series(1, 1000) i");
        }
    }

    private static void execute(TestingDatabase database, String sql) {
        try {
            database.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitOne(TestingDatabase database, String count) {
        try {
            while (database.queryForString(count).equals("0")) {
                database.execute("SELECT pg_sleep(0.05)");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void neverMeansChangesFromNowOn() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                Following following = new Following(database, "t")) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY)",
                    "ALTER TABLE t REPLICA IDENTITY FULL",
                    "INSERT INTO t VALUES (1)");
            following.snapshot = Snapshot.NEVER;
            following.run();
            database.execute("INSERT INTO t VALUES (2)");
            following.run();
            assertThat(following.lines).containsExactly("INSERT t 2");
        }
    }

    @Test
    void onlyMeansTheRowsAndNothingIsKept() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                Following following = new Following(database, "t")) {
            database.execute(
                    "CREATE TABLE t (id int PRIMARY KEY)",
                    "ALTER TABLE t REPLICA IDENTITY FULL",
                    "INSERT INTO t VALUES (1)");
            following.snapshot = Snapshot.ONLY;
            following.run();
            assertThat(following.lines).containsExactly("ROW t 1");
            assertThat(database.queryForList("SELECT pubname FROM pg_publication"))
                    .isEmpty();
            assertThat(database.queryForList(
                            "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()"))
                    .isEmpty();
        }
    }
}
