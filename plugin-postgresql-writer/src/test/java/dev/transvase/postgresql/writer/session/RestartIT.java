package dev.transvase.postgresql.writer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.transvase.embedded.StopMode;
import dev.transvase.postgresql.writer.Numbers;
import dev.transvase.postgresql.writer.PostgresWriter;
import dev.transvase.postgresql.writer.TestingWriter;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.session.TransactionMark.Outcome;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedJournal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The target's server stops, or crashes, and comes up again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartIT {

    /**
     * A commit is durable, as with anyone's server; all else reaches the log late, so that a crash has something to lose.
     * Whoever wants a commit to reach a standby too waits for ever.
     */
    private static final Map<String, String> SETTINGS =
            Map.of("synchronous_commit", "local", "wal_writer_delay", "10s", "synchronous_standby_names", "gone");

    private final Map<Integer, SeparatePostgres> servers = new HashMap<>();

    static List<Integer> majors() {
        return List.of(
                TestingPostgres.oldest().major(), TestingPostgres.newest().major());
    }

    private SeparatePostgres server(int major) {
        return servers.computeIfAbsent(major, m -> SeparatePostgres.start(m, SETTINGS));
    }

    @AfterAll
    void stop() {
        servers.values().forEach(SeparatePostgres::close);
    }

    private static void write(ChannelWriter channel, int from, int to) {
        channel.write(Numbers.batch(from, to, id -> "name"), TestingWriter.SPLIT, BatchEnd.commitPoint());
    }

    private static TestingDatabase database(SeparatePostgres server) throws SQLException {
        TestingDatabase database = server.server().createDatabase();
        database.execute("CREATE TABLE target (id integer, name text)");
        return database;
    }

    /** How a server is stopped while it is written to. */
    private record Case(int major, StopMode stop, WriteMode mode) {}

    static List<Case> cases() {
        int oldest = TestingPostgres.oldest().major();
        int newest = TestingPostgres.newest().major();
        return List.of(
                new Case(oldest, StopMode.FAST, WriteMode.INSERT),
                new Case(oldest, StopMode.IMMEDIATE, WriteMode.COPY),
                new Case(newest, StopMode.FAST, WriteMode.COPY),
                new Case(newest, StopMode.IMMEDIATE, WriteMode.INSERT));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatWasNotCommittedIsWrittenAgain(Case tried) throws Exception {
        SeparatePostgres server = server(tried.major());
        CollectedJournal journal = new CollectedJournal(0);
        try (TestingDatabase database = database(server);
                FaultProxy proxy = FaultProxy.to(database.host(), database.port());
                PostgresWriter writer = TestingWriter.to(database, "target")
                        .at(TestingWriter.dataSource(database, proxy.host(), proxy.port()))
                        .mode(tried.mode())
                        .open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter one = writer.open(journal);
                    ChannelWriter other = writer.open(journal)) {
                write(one, 0, 1000);
                one.flush();
                write(one, 1000, 3000);
                write(other, 3000, 4000);
                server.stop(tried.stop());
                CompletableFuture<Void> writing = CompletableFuture.runAsync(one::flush);
                server.start();
                proxy.forwardTo(database.host(), database.port());
                other.flush();
                writing.get();
            }
            assertThat(journal.committedRecords()).isEqualTo(4000);
            assertThat(database.query("SELECT count(*), count(DISTINCT id) FROM target"))
                    .containsExactly(List.of("4000", "4000"));
        }
    }

    @ParameterizedTest
    @MethodSource("majors")
    void aTransactionIsKnownAfterAnOrderlyRestart(int major) throws SQLException {
        assertThat(outcomes(server(major), StopMode.FAST)).containsExactly(Outcome.COMMITTED, Outcome.UNDONE);
    }

    /** Another transaction has got the number of the one that was not committed: "committed" would be its answer. */
    @ParameterizedTest
    @MethodSource("majors")
    void aTransactionThatIsUndoneIsKnownAfterACrash(int major) throws SQLException {
        assertThat(outcomes(server(major), StopMode.IMMEDIATE)).containsExactly(Outcome.UNKNOWN, Outcome.UNDONE);
    }

    /** What the server says of a transaction that was committed before it was stopped, and of a later one that was not. */
    private static List<Outcome> outcomes(SeparatePostgres server, StopMode stop) throws SQLException {
        try (TestingDatabase database = database(server)) {
            TransactionMark committed;
            TransactionMark undone;
            try (Connection one = database.connect();
                    Connection other = database.connect()) {
                committed = insert(one, 1);
                one.commit();
                undone = insert(other, 2);
                server.stop(stop);
                server.start();
            }
            for (int i = 0; i < 10; i++) {
                database.execute("INSERT INTO target VALUES (3, 'x')");
            }
            assertThat(database.queryForList("SELECT DISTINCT id FROM target ORDER BY id"))
                    .containsExactly("1", "3");
            try (Connection connection = database.connect()) {
                return List.of(committed.ask(connection), undone.ask(connection));
            }
        }
    }

    private static TransactionMark insert(Connection connection, int id) throws SQLException {
        SessionMark session = SessionMark.of(connection);
        connection.setAutoCommit(false);
        TransactionMark mark = TransactionMark.begin(connection, session);
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO target VALUES (" + id + ", 'x')");
        }
        return mark;
    }

    /** The lost session waits for a standby, as it was asked to, and is left to it. */
    @ParameterizedTest
    @EnumSource(
            value = WriteMode.class,
            names = {"INSERT", "COPY"})
    void aCommitThatDoesNotEndIsLeftInDoubt(WriteMode mode) throws Exception {
        CollectedJournal journal = new CollectedJournal(0);
        try (TestingDatabase database = database(server(TestingPostgres.newest().major()));
                FaultProxy proxy = FaultProxy.to(database.host(), database.port());
                PostgresWriter writer = TestingWriter.to(database, "target")
                        .at(TestingWriter.dataSource(database, proxy.host(), proxy.port()))
                        .mode(mode)
                        .session("SET synchronous_commit = on")
                        .retrySeconds(1)
                        .open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            String waiting = " FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = current_database()";
            try (ChannelWriter channel = writer.open(journal)) {
                CompletableFuture<TransvaseException> committing =
                        CompletableFuture.supplyAsync(() -> catchThrowableOfType(TransvaseException.class, () -> {
                            write(channel, 0, 10);
                            channel.flush();
                        }));
                while (database.queryForList("SELECT 1" + waiting).isEmpty()) {
                    Thread.onSpinWait();
                }
                proxy.reset();
                TransvaseException doubt = committing.get();
                assertThat(doubt.code()).isEqualTo("COMMIT_IN_DOUBT");
                assertThat(doubt).hasMessageContaining("up to 10 records");
                assertThat(journal.committedRecords()).isZero();
            }
            assertThat(database.queryForList("SELECT pg_terminate_backend(pid)" + waiting))
                    .containsExactly("t");
            while (!database.queryForString("SELECT count(*) FROM target").equals("10")) {
                Thread.onSpinWait();
            }
        }
    }
}
