package dev.transvase.postgresql.cdc.snapshot;

import static dev.transvase.postgresql.cdc.snapshot.SlotMakingIT.assertNothingIsLeft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.Following;
import dev.transvase.postgresql.cdc.PostgresCdcReader;
import dev.transvase.postgresql.cdc.StreamIT;
import dev.transvase.postgresql.cdc.wait.LockHolders;
import dev.transvase.postgresql.cdc.wait.Patience;
import dev.transvase.spi.Position;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.Split;
import dev.transvase.spi.SplitReader;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of a snapshot are locked while somebody else has them: it is said who, and nothing is left when it is given up. */
class HeldTablesIT {

    private static final TableName TABLE = new TableName("public", "t");

    static List<Integer> oldestAndNewest() {
        return StreamIT.oldestAndNewest();
    }

    private static TestingDatabase database(TestingPostgres server) throws Exception {
        TestingDatabase database = server.createDatabase();
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t VALUES (1)");
        return database;
    }

    /**
     * Locks a table in the moment between the slot and the snapshot's own locks, in a transaction that stays open. On a busy
     * machine it may come too late, which it finds out by a short wait.
     */
    private static final class Locker implements AutoCloseable {

        private final Connection connection;
        private final CompletableFuture<Void> locked;

        Locker(TestingDatabase database, Following following) throws SQLException {
            connection = database.connect();
            connection.setAutoCommit(false);
            locked = CompletableFuture.runAsync(() -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET LOCAL lock_timeout = '1s'");
                    statement.execute("DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name ="
                            + " 'di_slot_" + following.solutionId
                            + "' AND confirmed_flush_lsn IS NOT NULL) LOOP END LOOP;"
                            + " LOCK TABLE t IN ACCESS EXCLUSIVE MODE; END $$");
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
        }

        boolean late() {
            return locked.handle((done, failure) -> failure != null).join();
        }

        @Override
        public void close() throws SQLException {
            late();
            if (!connection.isClosed()) {
                connection.rollback();
                connection.close();
            }
        }
    }

    /** What is tried while a table is locked in the moment that matters. */
    private interface Attempt {
        void with(TestingDatabase database, Following following, Locker locker) throws Exception;
    }

    /** Tries it, on a new database each time, until the lock came in time. */
    private static void locked(int major, Attempt attempt) throws Exception {
        for (boolean late = true; late; ) {
            try (TestingDatabase database = database(TestingPostgres.major(major));
                    Following following = new Following(database, "t")) {
                following.slotWaitSeconds = 2;
                try (Locker locker = new Locker(database, following)) {
                    try {
                        attempt.with(database, following, locker);
                        late = false;
                    } catch (AssertionError | CompletionException e) {
                        late = locker.late();
                        if (!late) {
                            throw e;
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void whoKeepsTheTablesFromBeingLockedIsNamed(int major) throws Exception {
        locked(major, (database, following, locker) -> {
            assertThatThrownBy(following::run)
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("TABLE_LOCK_WAIT"))
                    .hasMessageContaining("(slotWaitSeconds): pid ")
                    .hasMessageContaining(", idle in transaction for ")
                    .hasMessageContaining("): DO $$ BEGIN");
            assertThat(following.notices)
                    .anySatisfy(notice -> assertThat(notice)
                            .contains("the snapshot waits for locks of its tables: pid ", "DO $$ BEGIN"));
            assertNothingIsLeft(database);
            locker.close();
            following.slotWaitSeconds = 300;
            following.run();
            assertThat(following.lines).last().isEqualTo("ROW t 1");
        });
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aPreparedTransactionAndOnesThatWaitAreNamed(int major) throws Exception {
        try (SeparatePostgres separate = SeparatePostgres.start(major, Map.of("max_prepared_transactions", "2"));
                TestingDatabase database = database(separate.server());
                Following following = new Following(database, "t");
                PostgresSession session = PostgresSession.open(following.dataSource(), "test");
                PostgresSession asking = PostgresSession.open(following.dataSource(), "test")) {
            Map<TableName, HeldTables.State> seen = HeldTables.look(session, List.of(TABLE));
            database.execute("BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE; PREPARE TRANSACTION 'forgotten'");
            assertThatThrownBy(() -> HeldTables.lock(session, seen, new Patience(Duration.ZERO, notice -> {})))
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("TABLE_LOCK_WAIT"))
                    .hasMessageContaining("the prepared transaction 'forgotten' of")
                    .hasMessageContaining("ROLLBACK PREPARED");
            database.execute("ROLLBACK PREPARED 'forgotten'");

            try (Connection reading = database.connect();
                    Statement statement = reading.createStatement();
                    Connection altering = database.connect()) {
                reading.setAutoCommit(false);
                statement.execute("SELECT FROM t");
                CompletableFuture<Void> altered = CompletableFuture.runAsync(() -> {
                    try (Statement alter = altering.createStatement()) {
                        alter.execute("ALTER TABLE t ADD COLUMN v int");
                    } catch (SQLException e) {
                        throw new CompletionException(e);
                    }
                });
                while (LockHolders.describe(asking, List.of(TABLE)).isEmpty()) {
                    Thread.onSpinWait();
                }
                assertThat(LockHolders.describe(asking, List.of(TABLE)))
                        .containsPattern("idle in transaction for \\d+ s[^;]*\\): SELECT FROM t;")
                        .containsPattern(
                                "waiting for a lock itself for \\d+ s[^;]*\\): ALTER TABLE t ADD COLUMN v int");
                reading.rollback();
                altered.join();
            }
            assertThat(LockHolders.describe(asking, List.of(TABLE))).isEmpty();
        }
    }

    /** The others' transaction would be the one that the server ends for a deadlock. */
    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void whileOneTableIsWaitedForTheOthersAreFree(int major) throws Exception {
        try (TestingDatabase database = database(TestingPostgres.major(major));
                Following following = new Following(database, "t")) {
            database.execute("CREATE TABLE u (id int)");
            PostgresSession session = PostgresSession.open(following.dataSource(), "test");
            Map<TableName, HeldTables.State> seen =
                    HeldTables.look(session, List.of(TABLE, new TableName("public", "u")));
            try (Connection altering = database.connect();
                    Statement statement = altering.createStatement()) {
                altering.setAutoCommit(false);
                statement.execute("LOCK TABLE u IN ACCESS EXCLUSIVE MODE");
                CompletableFuture<String> waiting = new CompletableFuture<>();
                CompletableFuture<HeldTables> locking = CompletableFuture.supplyAsync(() -> {
                    try {
                        return HeldTables.lock(session, seen, new Patience(Duration.ofMinutes(5), waiting::complete));
                    } catch (SQLException e) {
                        throw new CompletionException(e);
                    }
                });
                assertThat(waiting.join()).contains("LOCK TABLE u");
                statement.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
                altering.commit();
                try (HeldTables held = locking.join()) {
                    assertThat(held.rewritten()).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void tablesThatAreWaitedForAreGivenUpWhenTheJobIsStopped(int major) throws Exception {
        locked(major, (database, following, locker) -> {
            following.slotWaitSeconds = 300;
            try (PostgresCdcReader reader = following.reader()) {
                ReadPlan plan = reader.plan(following.checks);
                List<Split> splits = reader.split(plan.tables(), 1, following.checks);
                CompletableFuture<String> ended = new CompletableFuture<>();
                Thread reading = new Thread(() -> {
                    try (SplitReader open =
                            reader.open(splits.get(1), plan.tables().get(0), Position.START)) {
                        ended.complete("open at " + open.end());
                    } catch (TransvaseException e) {
                        ended.complete(e.code() + ' ' + Thread.currentThread().isInterrupted());
                    }
                });
                reading.start();
                while (following.notices.isEmpty() && reading.isAlive()) {
                    Thread.onSpinWait();
                }
                reading.interrupt();
                reading.join();
                assertThat(ended.join()).isEqualTo("CANCELLED true");
                assertNothingIsLeft(database);
            }
        });
    }
}
