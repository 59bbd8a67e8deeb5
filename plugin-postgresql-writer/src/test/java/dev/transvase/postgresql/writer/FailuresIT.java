package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedJournal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is not the data's fault ends the run and makes no record dirty. */
class FailuresIT {

    private static final String WRITERS = "FROM pg_stat_activity WHERE application_name = 'transvase test'";

    private TestingDatabase database;
    private final CollectedJournal journal = new CollectedJournal(100);

    @BeforeEach
    void createDatabase() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute("CREATE TABLE target (id integer PRIMARY KEY, name text)");
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private static void write(ChannelWriter channel, int from, int to) {
        channel.write(Numbers.batch(from, to, id -> "name"), TestingWriter.SPLIT, BatchEnd.commitPoint());
    }

    private void assertStoredIsCommitted() throws SQLException {
        assertThat(journal.dirtyRecords()).isEmpty();
        assertThat(database.queryForString("SELECT count(*) FROM target"))
                .isEqualTo(Long.toString(journal.committedRecords()));
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void aKilledSession(WriteMode mode) throws SQLException {
        try (PostgresWriter writer =
                TestingWriter.to(database, "target").mode(mode).retrySeconds(0).open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter channel = writer.open(journal)) {
                write(channel, 0, 3000);
                channel.flush();
                write(channel, 3000, 6000);
                assertThat(database.queryForList("SELECT pg_terminate_backend(pid) " + WRITERS))
                        .containsExactly("t");
                TransvaseException e = catchThrowableOfType(TransvaseException.class, () -> {
                    write(channel, 6000, 9000);
                    channel.flush();
                });
                assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
                assertThat(e.code()).isEqualTo("CONNECTION_LOST");
                assertThat(e).hasMessageContaining("public.target");
            }
        }
        assertThat(journal.committedRecords()).isEqualTo(3000);
        assertStoredIsCommitted();
    }

    @Test
    void aConnectionLostDuringTheCommitLeavesItsOutcomeOpen() throws Exception {
        // A batch of INSERT is with the server when write returns: the next bytes are the commit's.
        assertThat(lostAtFlush(WriteMode.INSERT))
                .hasMessageContaining("the outcome of the last commit is unknown")
                .hasMessageContaining("1024 records");
    }

    @Test
    void aConnectionLostBeforeTheCommitLeavesNothingOpen() throws Exception {
        // A COPY is still under way when write returns.
        assertThat(lostAtFlush(WriteMode.COPY))
                .hasMessageContaining("public.target")
                .message()
                .doesNotContain("unknown");
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("0");
    }

    private TransvaseException lostAtFlush(WriteMode mode) throws Exception {
        try (FaultProxy proxy = FaultProxy.to(database.host(), database.port());
                PostgresWriter writer = TestingWriter.to(database, "target")
                        .mode(mode)
                        .retrySeconds(0)
                        .at(TestingWriter.dataSource(database, proxy.host(), proxy.port()))
                        .open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter channel = writer.open(journal)) {
                write(channel, 0, 1024);
                proxy.after(1, proxy::reset);
                TransvaseException e = catchThrowableOfType(TransvaseException.class, channel::flush);
                assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
                assertThat(journal.committedRecords()).isZero();
                return e;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void aMissingTableDuringTheRun(WriteMode mode) throws SQLException {
        try (PostgresWriter writer =
                TestingWriter.to(database, "target").mode(mode).open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            database.execute("ALTER TABLE target RENAME TO gone");
            try (ChannelWriter channel = writer.open(journal)) {
                TransvaseException e = catchThrowableOfType(TransvaseException.class, () -> {
                    write(channel, 0, 10);
                    channel.flush();
                });
                assertThat(e).hasMessageContaining("public.target").hasMessageContaining("42P01");
            }
        }
        assertThat(journal.dirtyRecords()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void aWriteThatWaitsForALockCanBeCancelled(WriteMode mode) throws Exception {
        try (PostgresWriter writer =
                        TestingWriter.to(database, "target").mode(mode).open();
                Connection locker = database.connect()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter channel = writer.open(journal);
                    Statement statement = locker.createStatement()) {
                write(channel, 0, 100);
                channel.flush();
                locker.setAutoCommit(false);
                statement.execute("LOCK TABLE target IN EXCLUSIVE MODE");
                CompletableFuture<TransvaseException> blocked =
                        CompletableFuture.supplyAsync(() -> catchThrowableOfType(TransvaseException.class, () -> {
                            write(channel, 100, 5000);
                            channel.flush();
                        }));
                awaitLockWait();
                channel.cancel();
                channel.cancel();
                assertThat(blocked.get().code()).isEqualTo("CANCELLED");
                locker.rollback();
                TransvaseException later = catchThrowableOfType(TransvaseException.class, () -> write(channel, 0, 1));
                assertThat(later.code()).isEqualTo("CANCELLED");
            }
        }
        assertThat(journal.committedRecords()).isEqualTo(100);
        assertStoredIsCommitted();
    }

    @ParameterizedTest
    @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
    void aDeadlockIsTriedAgainAndLosesNothing(WriteMode mode) throws Exception {
        try (PostgresWriter writer =
                        TestingWriter.to(database, "target").mode(mode).open();
                Connection other = database.connect();
                Statement statement = other.createStatement()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            other.setAutoCommit(false);
            statement.execute("SET deadlock_timeout = '1h'"); // so that it is ours that gives way
            statement.execute("INSERT INTO target VALUES (7, 'theirs')");
            try (ChannelWriter channel = writer.open(journal)) {
                CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                    write(channel, 0, 100);
                    channel.flush();
                });
                awaitLockWait();
                // Ours has key 3 and waits for 7; now they wait for each other, until ours is rolled back.
                statement.execute("INSERT INTO target VALUES (3, 'theirs')");
                other.commit();
                writing.get();
            }
        }
        assertThat(journal.committedRecords()).isEqualTo(98);
        assertThat(journal.dirtyRecords()).hasSize(2);
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("100");
        assertThat(database.queryForList("SELECT id FROM target WHERE name = 'theirs' ORDER BY id"))
                .containsExactly("3", "7");
    }

    @Test
    void whatTriggersSayForEachRowIsNotGathered() throws SQLException {
        database.execute("CREATE TABLE seen (level text)");
        try (PostgresWriter writer = TestingWriter.to(database, "target").open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            database.execute(
                    "CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS"
                            + " 'BEGIN INSERT INTO seen VALUES (current_setting(''client_min_messages''));"
                            + " RAISE NOTICE ''a row''; RETURN NEW; END'",
                    "CREATE TRIGGER say BEFORE INSERT ON target FOR EACH ROW EXECUTE PROCEDURE say()");
            try (ChannelWriter channel = writer.open(journal)) {
                write(channel, 0, 2);
                channel.flush();
            }
        }
        assertThat(database.queryForList("SELECT level FROM seen")).containsExactly("error", "error");
    }

    @Test
    void aCommitThatDoesNotEndIsBookedOrToldToBeInDoubtWhenItIsCancelled() throws Exception {
        try (SeparatePostgres separate = SeparatePostgres.start(
                        TestingPostgres.newest().major(),
                        Map.of("synchronous_standby_names", "gone", "synchronous_commit", "local"));
                TestingDatabase lonely = separate.server().createDatabase()) {
            lonely.execute("CREATE TABLE target (id integer PRIMARY KEY, name text)");
            lonely.execute("ALTER DATABASE \"" + lonely.name() + "\" SET synchronous_commit = on");
            try (PostgresWriter writer = TestingWriter.to(lonely, "target").open()) {
                TestingWriter.planned(writer, Numbers.SCHEMA);
                try (ChannelWriter channel = writer.open(journal)) {
                    CompletableFuture<TransvaseException> blocked =
                            CompletableFuture.supplyAsync(() -> catchThrowableOfType(TransvaseException.class, () -> {
                                write(channel, 0, 10);
                                channel.flush();
                            }));
                    while (lonely.queryForList("SELECT pg_sleep(0.01) " + WRITERS + " AND wait_event = 'SyncRep'")
                            .isEmpty()) {
                        Thread.onSpinWait();
                    }
                    channel.cancel();
                    // Asked to cancel, the server ends the wait for its standby and says that it has committed: that
                    // answer either still comes, or it does not.
                    TransvaseException doubt = blocked.get();
                    if (doubt == null) {
                        assertThat(journal.committedRecords()).isEqualTo(10);
                    } else {
                        assertThat(doubt.code()).isEqualTo("COMMIT_IN_DOUBT");
                        assertThat(doubt).hasMessageContaining("up to 10 records");
                        assertThat(journal.committedRecords()).isZero();
                    }
                }
            }
            // The server ends the commit in its own time.
            while (!lonely.queryForString("SELECT count(*) FROM target").equals("10")) {
                Thread.onSpinWait();
            }
        }
    }

    private void awaitLockWait() throws SQLException, InterruptedException, ExecutionException {
        while (database.queryForList("SELECT pg_sleep(0.01) " + WRITERS + " AND wait_event_type = 'Lock'")
                .isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void closingRollsBackAtOnce() throws SQLException {
        try (PostgresWriter writer = TestingWriter.to(database, "target").open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter channel = writer.open(journal)) {
                write(channel, 0, 2048);
            }
            // Would wait for the other transaction if it were still open.
            database.execute("INSERT INTO target VALUES (5, 'mine')");
        }
        assertThat(database.queryForList("SELECT name FROM target")).containsExactly("mine");
    }
}
