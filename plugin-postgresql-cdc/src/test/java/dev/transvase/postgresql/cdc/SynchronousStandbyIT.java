package dev.transvase.postgresql.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transactions that stand in the log, while nobody sees them before a standby has them. */
class SynchronousStandbyIT {

    static List<Integer> oldestAndNewest() {
        return StreamIT.oldestAndNewest();
    }

    /** A server that gives up clients that say nothing, and waits for a standby that is away where a session asks for it. */
    private static SeparatePostgres server(int major) throws Exception {
        return SeparatePostgres.start(major, Map.of("synchronous_standby_names", "away", "wal_sender_timeout", "1s"));
    }

    /** Commits, which ends once the standby is not waited for any more. */
    private static CompletableFuture<Void> commit(Connection connection) throws SQLException {
        Statement statement = connection.createStatement();
        statement.execute("SET synchronous_commit = on");
        return CompletableFuture.runAsync(() -> {
            try {
                statement.execute("INSERT INTO t VALUES (2)");
                statement.close();
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
    }

    private static Following started(TestingDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t VALUES (1)");
        Following following = new Following(database, "t").run();
        following.reconnectSeconds = 0;
        return following;
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aTransactionThatWaitsForAStandbyIsWaitedFor(int major) throws Exception {
        try (SeparatePostgres separate = server(major);
                TestingDatabase database = separate.server().createDatabase();
                Following following = started(database);
                Connection writing = database.connect()) {
            CompletableFuture<Void> committed = commit(writing);
            following.untilCurrent = false;
            long[] begun = {0};
            String[] stream = {""};
            following.enough = reader -> {
                // Well beyond the server's patience with a client that says nothing.
                if (!following.notices.isEmpty() && begun[0] == 0) {
                    begun[0] = System.nanoTime();
                    stream[0] = own(database);
                }
                if (begun[0] != 0 && System.nanoTime() - begun[0] > 3_000_000_000L && !committed.isDone()) {
                    assertThat(stream[0]).isNotEmpty().isEqualTo(own(database));
                    release(database);
                }
                return false;
            };
            following.run(line -> line.equals("INSERT t 2"));
            committed.join();
            assertThat(following.lines).containsExactly("ROW t 1", "INSERT t 2");
            assertThat(following.notices)
                    .singleElement()
                    .asString()
                    .contains(
                            "it waits for a synchronous standby (synchronous_standby_names 'away')",
                            ", active for ",
                            "): INSERT INTO t VALUES (2)");
        }
    }

    /** The process that sends the stream. */
    private static String own(TestingDatabase database) {
        try {
            return String.join(
                    "",
                    database.queryForList(
                            "SELECT active_pid::text FROM pg_replication_slots WHERE active AND database ="
                                    + " current_database()"));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void release(TestingDatabase database) {
        try {
            database.execute("ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aJobThatWaitsForAStandbyCanBeStopped(int major) throws Exception {
        try (SeparatePostgres separate = server(major);
                TestingDatabase database = separate.server().createDatabase();
                Following following = started(database);
                Connection writing = database.connect()) {
            CompletableFuture<Void> committed = commit(writing);
            following.untilCurrent = false;
            following.enough = reader -> !following.notices.isEmpty();
            following.run(line -> false);
            assertThat(committed).isNotDone();
            assertThat(following.lines).containsExactly("ROW t 1");
            release(database);
            committed.join();
            following.enough = reader -> false;
            following.run(line -> line.equals("INSERT t 2"));
            assertThat(following.lines).containsExactly("ROW t 1", "INSERT t 2");
        }
    }
}
