package dev.transvase.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tests wait rather than work. */
@Execution(ExecutionMode.CONCURRENT)
class LockWatchIT {

    private final Told told = new Told();
    private TestingDatabase database;

    static Stream<TestingPostgres> servers() {
        return Stream.of(TestingPostgres.oldest(), TestingPostgres.newest());
    }

    private void on(TestingPostgres server) throws SQLException {
        database = server.createDatabase();
        database.execute("CREATE TABLE t (id int PRIMARY KEY, n text)", "INSERT INTO t VALUES (1, 'one')");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    /** What was told, and what became of it. */
    private static final class Told implements Notices {

        final List<String> warnings = new CopyOnWriteArrayList<>();
        final List<String> waits = new CopyOnWriteArrayList<>();
        final CountDownLatch waiting = new CountDownLatch(1);
        final CountDownLatch stillWaiting = new CountDownLatch(1);
        final CountDownLatch over = new CountDownLatch(1);

        @Override
        public void warn(String message) {
            warnings.add(message);
        }

        @Override
        public Waiting waiting(String what, Duration already) {
            waits.add(what);
            waiting.countDown();
            return new Waiting() {
                @Override
                public void now(String newer) {
                    stillWaiting.countDown();
                }

                @Override
                public void close() {
                    over.countDown();
                }
            };
        }
    }

    /** Holds what it has locked until it is closed. */
    private final class Holder implements AutoCloseable {

        private final Connection connection = database.connect();
        private final int pid;

        Holder(String locking) throws SQLException {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET application_name = 'holder'");
                statement.execute(locking);
            }
            pid = connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }

    private static CompletableFuture<Void> running(PostgresSession session, String sql) {
        return CompletableFuture.runAsync(
                () -> {
                    try (Statement statement = session.jdbc().createStatement()) {
                        statement.execute(sql);
                    } catch (SQLException e) {
                        throw new CompletionException(e);
                    }
                },
                task -> new Thread(task).start());
    }

    private void assertNobodyAsks() throws SQLException {
        while (!database.queryForString(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'transvase watch'"
                                + " AND datname = current_database()")
                .equals("0")) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void whoHoldsATableIsToldForAsLongAsItLasts(TestingPostgres server) throws Exception {
        on(server);
        try (PostgresSession session = PostgresSession.openToWork(Sources.impatient(database, 1), "test", told)) {
            CompletableFuture<Void> reading;
            int pid;
            try (Holder holder = new Holder("LOCK TABLE t\n IN ACCESS EXCLUSIVE MODE")) {
                pid = holder.pid;
                reading = running(session, "SELECT count(*) FROM t");
                told.waiting.await();
                // Nothing but the preparation of a job has a limit.
                told.stillWaiting.await();
                assertThat(reading).isNotDone();
            }
            reading.join();
            told.over.await();
            assertThat(told.waits)
                    .singleElement()
                    .asString()
                    .startsWith("a lock on public.t, held by pid " + pid + " (holder, user " + database.user())
                    .containsPattern("idle in transaction for \\d+ s")
                    .endsWith("): LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
            assertThat(told.warnings).isEmpty();
        }
        assertNobodyAsks();
    }

    @Test
    void aRowIsNamedByItsTable() throws Exception {
        on(TestingPostgres.newest());
        try (PostgresSession session = PostgresSession.openToWork(Sources.of(database), "test", told)) {
            CompletableFuture<Void> writing;
            try (Holder holder = new Holder("UPDATE t SET n = 'two'")) {
                writing = running(session, "UPDATE t SET n = 'three'");
                told.waiting.await();
                assertThat(told.waits)
                        .singleElement()
                        .asString()
                        .startsWith("the lock of a row of public.t, held by pid " + holder.pid + " (holder");
            }
            writing.join();
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void thePreparationOfAJobGivesUp(TestingPostgres server) throws Exception {
        on(server);
        try (PostgresSession session = PostgresSession.open(Sources.impatient(database, 1), "test", told);
                Holder holder = new Holder("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")) {
            assertThatThrownBy(() -> running(session, "SELECT count(*) FROM t").join())
                    .cause()
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(SqlErrors.translate(e, "checking t"))
                                    .isInstanceOfSatisfying(TransvaseException.class, told -> {
                                        assertThat(told.code()).isEqualTo("TABLE_LOCK_WAIT");
                                        assertThat(told.type()).isEqualTo(ErrorType.EXTERNAL);
                                    })
                                    .hasMessageStartingWith("checking t: waited ")
                                    .hasMessageContaining("for a lock on public.t, held by pid " + holder.pid)
                                    .hasMessageContaining("lockWaitSeconds"));
            // The server does not go on waiting for nobody.
            while (!database.queryForString(
                            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 't'::regclass")
                    .equals("0")) {
                Thread.onSpinWait();
            }
        }
        assertThat(told.waits).hasSize(1);
        told.over.await();
        assertNobodyAsks();
    }

    @Test
    void aSessionThatGoesOnToWorkHasNoLimit() throws Exception {
        on(TestingPostgres.newest());
        try (PostgresSession session = PostgresSession.open(Sources.impatient(database, 1), "test", told)) {
            session.waitForLocks();
            CompletableFuture<Void> reading;
            try (Holder holder = new Holder("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")) {
                reading = running(session, "SELECT count(*) FROM t");
                told.stillWaiting.await();
                assertThat(holder.connection.isClosed()).isFalse();
            }
            reading.join();
        }
    }
}
