package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.RoundTrips;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedJournal;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A lost connection is replaced, and what was not committed is written again: nothing is lost, nothing twice. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReconnectIT {

    private static final int UNIT = 3000;

    private final Map<Integer, TestingDatabase> databases = new HashMap<>();

    /** On which server, and how. */
    private record Case(int major, WriteMode mode) {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (TestingPostgres server : List.of(TestingPostgres.oldest(), TestingPostgres.newest())) {
            cases.add(new Case(server.major(), WriteMode.INSERT));
            cases.add(new Case(server.major(), WriteMode.COPY));
        }
        return cases;
    }

    @BeforeAll
    void createDatabases() {
        for (TestingPostgres server : List.of(TestingPostgres.oldest(), TestingPostgres.newest())) {
            databases.put(server.major(), server.createDatabase());
        }
    }

    @AfterAll
    void dropDatabases() {
        databases.values().forEach(TestingDatabase::close);
    }

    /** A writer through a network that fails on demand. */
    private final class Setup implements AutoCloseable {

        final TestingDatabase database;
        final FaultProxy proxy;
        final CollectedJournal journal = new CollectedJournal(100);
        final PostgresWriter writer;
        final ChannelWriter channel;

        /** Without a primary key: a record that is written twice shows. */
        Setup(Case tried, int retrySeconds, String... more) throws SQLException, IOException {
            database = databases.get(tried.major());
            database.execute(
                    "DROP TABLE IF EXISTS target",
                    "CREATE TABLE target (id integer, name text CHECK (name <> 'bad'),"
                            + " mark text DEFAULT current_setting('transvase.mark', true),"
                            + " session integer DEFAULT pg_backend_pid())");
            database.execute(more);
            proxy = FaultProxy.to(database.host(), database.port());
            writer = TestingWriter.to(database, "target")
                    .at(TestingWriter.dataSource(database, proxy.host(), proxy.port()))
                    .columns("id", "name")
                    .mode(tried.mode())
                    .session("SET transvase.mark = 'set'")
                    .retrySeconds(retrySeconds)
                    .open();
            TestingWriter.planned(writer, Numbers.SCHEMA);
            channel = writer.open(journal);
        }

        /** The unit of this number, from 0; in COPY mode the server has not answered yet when this returns. */
        void write(int unit) {
            channel.write(
                    Numbers.batch(unit * UNIT, (unit + 1) * UNIT, id -> "name"),
                    TestingWriter.SPLIT,
                    BatchEnd.commitPoint());
        }

        void commit(int unit) {
            write(unit);
            channel.flush();
        }

        String sessions(String what) {
            return "SELECT " + what + " FROM pg_stat_activity WHERE application_name = 'transvase test' AND datname = '"
                    + database.name() + "'";
        }

        void assertExact(int units) throws SQLException {
            assertThat(journal.committedRecords()).isEqualTo((long) units * UNIT);
            assertThat(journal.dirtyRecords()).isEmpty();
            assertThat(database.query("SELECT count(*), count(DISTINCT id), min(mark), max(mark) FROM target"))
                    .containsExactly(List.of("" + units * UNIT, "" + units * UNIT, "set", "set"));
        }

        @Override
        public void close() {
            channel.close();
            writer.close();
            proxy.close();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aKilledSession(Case tried) throws Exception {
        try (Setup setup = new Setup(tried, 60)) {
            setup.commit(0);
            setup.write(1);
            assertThat(setup.database.queryForList(setup.sessions("pg_terminate_backend(pid)")))
                    .containsExactly("t");
            setup.write(2);
            setup.channel.flush();
            // With nothing under way.
            assertThat(setup.database.queryForList(setup.sessions("pg_terminate_backend(pid)")))
                    .containsExactly("t");
            setup.commit(3);
            setup.assertExact(4);
        }
    }

    /**
     * One to begin it with its number, one to look at the table, and one to commit; a COPY also begins and ends. So the number, by which
     * a commit that was cut off is known again, costs little: for COPY nothing.
     */
    @ParameterizedTest
    @MethodSource("cases")
    void aTransactionCostsThreeRoundTripsBesidesItsRecords(Case tried) throws Exception {
        TestingDatabase database = databases.get(tried.major());
        database.execute("DROP TABLE IF EXISTS target", "CREATE TABLE target (id integer, name text)");
        try (RoundTrips counted = RoundTrips.to(database.host(), database.port());
                PostgresWriter writer = TestingWriter.to(database, "target")
                        .at(TestingWriter.dataSource(database, counted.host(), counted.port()))
                        .mode(tried.mode())
                        .open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter channel = writer.open(new CollectedJournal(0))) {
                long before = 0;
                for (int unit = 0; unit < 11; unit++) {
                    channel.write(Numbers.batch(0, UNIT, id -> "name"), TestingWriter.SPLIT, BatchEnd.commitPoint());
                    channel.flush();
                    before = unit == 0 ? counted.count() : before;
                }
                int records = tried.mode() == WriteMode.INSERT ? 4 : 2;
                assertThat(counted.count() - before).isLessThanOrEqualTo(10L * (3 + records));
            }
        }
    }

    /** In the midst of what is sent, of what follows it, and of the commit. */
    @ParameterizedTest
    @MethodSource("cases")
    void aConnectionThatBreaksAnywhere(Case tried) throws Exception {
        try (Setup setup = new Setup(tried, 60)) {
            setup.commit(0);
            setup.commit(1);
            long before = setup.proxy.forwarded();
            setup.commit(2);
            long bytes = setup.proxy.forwarded() - before;
            for (int i = 0; i < 12; i++) {
                // The last few are bytes of the commit and of its answer.
                setup.proxy.after(i < 4 ? bytes * (i + 1) / 5 : bytes - (11 - i) * 12L, setup.proxy::reset);
                setup.commit(3 + i);
            }
            setup.assertExact(15);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aCommitWhoseAnswerIsLost(Case tried) throws Exception {
        try (Setup setup = new Setup(tried, 60)) {
            setup.commit(0);
            setup.write(1);
            setup.channel.flush();
            long before = setup.proxy.forwarded();
            setup.commit(2);
            long bytes = setup.proxy.forwarded() - before;
            // The last bytes of a transaction are the answer to its commit.
            setup.proxy.after(bytes, setup.proxy::reset);
            setup.commit(3);
            setup.commit(4);
            // It was not written again.
            assertThat(setup.database.query("SELECT count(*) FROM target WHERE id >= " + 2 * UNIT
                            + " GROUP BY session ORDER BY min(id)"))
                    .containsExactly(List.of("" + 2 * UNIT), List.of("" + UNIT));
            setup.assertExact(5);
        }
    }

    /** The lost session is still in its commit: it is ended, else the new one would wait for its lock. */
    @ParameterizedTest
    @MethodSource("cases")
    void aCommitThatIsNotDone(Case tried) throws Exception {
        String[] slow = {
            "CREATE UNIQUE INDEX ON target (id)",
            "CREATE OR REPLACE FUNCTION await_test() RETURNS trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NULL; END'",
            "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON target DEFERRABLE INITIALLY DEFERRED"
                    + " FOR EACH ROW WHEN (NEW.id % " + UNIT + " = 0) EXECUTE PROCEDURE await_test()"
        };
        try (Setup setup = new Setup(tried, 60, slow);
                Connection locking = setup.database.connect();
                Statement statement = locking.createStatement()) {
            setup.commit(0);
            statement.execute("SELECT pg_advisory_lock(1)");
            setup.write(1);
            CompletableFuture<Void> committing = CompletableFuture.runAsync(setup.channel::flush);
            String lost = await(setup.database, setup.sessions("pid") + " AND wait_event_type = 'Lock'");
            setup.proxy.reset();
            await(setup.database, setup.sessions("pid") + " AND wait_event_type = 'Lock' AND pid <> " + lost);
            statement.execute("SELECT pg_advisory_unlock(1)");
            committing.get();
            setup.assertExact(2);
        }
    }

    private static String await(TestingDatabase database, String sql) throws SQLException {
        List<String> found = List.of();
        while (found.isEmpty()) {
            found = database.queryForList(sql);
        }
        return found.get(0);
    }

    /** Bad records are told once, however often their unit was written. */
    @ParameterizedTest
    @MethodSource("cases")
    void badRecordsBesideALoss(Case tried) throws Exception {
        try (Setup setup = new Setup(tried, 60)) {
            setup.channel.write(
                    Numbers.batch(0, UNIT, id -> id % 1000 == 7 ? "bad" : "name"),
                    TestingWriter.SPLIT,
                    BatchEnd.commitPoint());
            setup.proxy.after(20_000, setup.proxy::reset);
            setup.channel.flush();
            assertThat(setup.journal.dirtyRecords())
                    .extracting(dirty -> dirty.values().get("id"))
                    .containsExactly("7", "1007", "2007");
            assertThat(setup.journal.committedRecords()).isEqualTo(UNIT - 3);
            assertThat(setup.database.query("SELECT count(*), count(DISTINCT id) FROM target"))
                    .containsExactly(List.of("" + (UNIT - 3), "" + (UNIT - 3)));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aServerThatStaysAwayIsGivenUp(Case tried) throws Exception {
        try (Setup setup = new Setup(tried, 1)) {
            setup.commit(0);
            setup.write(1);
            setup.proxy.refuse();
            setup.proxy.reset();
            TransvaseException e = catchThrowableOfType(TransvaseException.class, setup.channel::flush);
            assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
            assertThat(e.code()).isIn("CONNECTION_LOST", "COMMIT_IN_DOUBT");
            assertThat(e)
                    .hasMessageContaining("public.target")
                    .hasMessageContaining("the retry failed: cannot connect");
            setup.assertExact(1);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPauseEndsWithACancellation(Case tried) throws Exception {
        try (Setup setup = new Setup(tried, 86_400)) {
            setup.write(0);
            setup.proxy.refuse();
            setup.proxy.reset();
            CompletableFuture<TransvaseException> trying =
                    CompletableFuture.supplyAsync(() -> catchThrowableOfType(TransvaseException.class, () -> {
                        setup.write(1);
                        setup.channel.flush();
                    }));
            setup.channel.cancel();
            assertThat(trying.get().code()).isEqualTo("CANCELLED");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aServerWithoutRoomIsWaitedFor(Case tried) throws Exception {
        TestingDatabase database = databases.get(tried.major());
        TestingLogin login = database.createLogin();
        database.execute(
                "DROP TABLE IF EXISTS target",
                "CREATE TABLE target (id integer, name text)",
                "GRANT INSERT, SELECT ON target TO " + login.user(),
                "ALTER ROLE " + login.user() + " CONNECTION LIMIT 1");
        CollectedJournal journal = new CollectedJournal(0);
        String sessions = "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + login.user() + "'";
        try (FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
            PostgresDataSource source =
                    TestingWriter.dataSource(database, proxy.host(), proxy.port(), login.user(), login.password());
            PostgresWriter writer = TestingWriter.to(database, "target")
                    .at(source)
                    .mode(tried.mode())
                    .open();
            TestingWriter.planned(writer, Numbers.SCHEMA);
            await(database, "SELECT 1 WHERE (" + sessions + ") = 0");
            long before = proxy.forwarded();
            PostgresSession.open(source, "test").close();
            long whole = proxy.forwarded() - before;
            await(database, "SELECT 1 WHERE (" + sessions + ") = 0");
            CompletableFuture<ChannelWriter> opening;
            try (Connection taken = database.connect(login)) {
                assertThat(taken.isValid(0)).isTrue();
                opening = CompletableFuture.supplyAsync(() -> writer.open(journal));
                // A log-in is more than a refusal: so there has been one.
                while (proxy.forwarded() < before + 2 * whole) {
                    Thread.onSpinWait();
                }
            }
            try (ChannelWriter channel = opening.get()) {
                channel.write(Numbers.batch(0, 10, id -> "name"), TestingWriter.SPLIT, BatchEnd.commitPoint());
                channel.flush();
            }
            writer.close();
        }
        assertThat(journal.committedRecords()).isEqualTo(10);
    }
}
