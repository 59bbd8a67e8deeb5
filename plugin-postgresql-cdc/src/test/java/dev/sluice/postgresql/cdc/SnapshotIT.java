package dev.sluice.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgresql.cdc.PostgresCdcParameters.Snapshot;
import dev.sluice.testing.TestingDatabase;
import dev.sluice.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
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
    void rowsOfBusyTablesComeOnce(int major) throws Exception { // S40
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

    private static void commitOnceWaitedFor(TestingDatabase database, Connection open) {
        try {
            while (database.queryForString(
                            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE_REPLICATION_SLOT%'"
                                    + " AND datname = current_database()")
                    .equals("0")) {
                database.execute("SELECT pg_sleep(0.05)");
            }
            open.commit();
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
