package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.transvase.embedded.StopMode;
import dev.transvase.postgresql.PostgresDataSource;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.StandbyPostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedJournal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was committed and counted is gone when the target comes back: the job says so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostCommitsIT {

    /** Commits that nobody waits for, and a log that reaches the disk late: a crash has something to lose. */
    private static final Map<String, String> SETTINGS = Map.of("synchronous_commit", "off", "wal_writer_delay", "10s");

    private final Map<Integer, SeparatePostgres> servers = new HashMap<>();

    private SeparatePostgres server(int major) {
        return servers.computeIfAbsent(major, m -> SeparatePostgres.start(m, SETTINGS));
    }

    @AfterAll
    void stop() {
        servers.values().forEach(SeparatePostgres::close);
    }

    static List<Integer> majors() {
        return List.of(
                TestingPostgres.oldest().major(), TestingPostgres.newest().major());
    }

    /** How the target's rows are kept. */
    private record Case(int major, WriteMode mode, boolean kept, List<String> tables) {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int major : majors()) {
            cases.add(new Case(
                    major, WriteMode.COPY, false, List.of("CREATE UNLOGGED TABLE target (id integer, name text)")));
            cases.add(new Case(major, WriteMode.INSERT, true, List.of("CREATE TABLE target (id integer, name text)")));
            cases.add(new Case(
                    major,
                    WriteMode.COPY,
                    false,
                    List.of(
                            "CREATE TABLE target (id integer, name text) PARTITION BY RANGE (id)",
                            "CREATE TABLE low PARTITION OF target FOR VALUES FROM (0) TO (1000)",
                            "CREATE UNLOGGED TABLE high PARTITION OF target FOR VALUES FROM (1000) TO (9000)")));
        }
        cases.add(new Case(
                TestingPostgres.newest().major(),
                WriteMode.INSERT,
                false,
                List.of(
                        "CREATE UNLOGGED TABLE behind (id integer, name text)",
                        "CREATE VIEW target AS SELECT * FROM behind")));
        return cases;
    }

    private static void write(ChannelWriter channel, int from, int to) {
        channel.write(Numbers.batch(from, to, id -> "name"), TestingWriter.SPLIT, BatchEnd.commitPoint());
        channel.flush();
    }

    private static void assertDoubt(TransvaseException failure, String told) {
        assertThat(failure).isNotNull();
        assertThat(failure.code()).as(failure.getMessage()).isEqualTo("COMMIT_IN_DOUBT");
        assertThat(failure.type()).isEqualTo(ErrorType.EXTERNAL);
        assertThat(failure).hasMessageContaining("2000 of public.target").hasMessageContaining(told);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aCrash(Case tried) throws Exception {
        SeparatePostgres server = server(tried.major());
        CollectedJournal journal = new CollectedJournal(0);
        try (TestingDatabase database = server.server().createDatabase()) {
            database.execute(tried.tables().toArray(String[]::new));
            try (PostgresWriter writer =
                    TestingWriter.to(database, "target").mode(tried.mode()).open()) {
                TestingWriter.planned(writer, Numbers.SCHEMA);
                try (ChannelWriter done = writer.open(journal);
                        ChannelWriter channel = writer.open(journal)) {
                    write(channel, 0, 10);
                    // Another channel's rows count too, though it never comes back.
                    write(done, 10, 2000);
                    done.close();
                    server.stop(StopMode.IMMEDIATE);
                    server.start();
                    if (tried.kept()) {
                        write(channel, 2000, 2010);
                        writer.complete();
                    } else {
                        assertDoubt(
                                catchThrowableOfType(TransvaseException.class, () -> write(channel, 2000, 2010)),
                                "unlogged tables");
                    }
                }
                if (!tried.kept()) {
                    assertDoubt(catchThrowableOfType(TransvaseException.class, writer::complete), "unlogged tables");
                }
            }
            if (tried.kept()) {
                assertThat(database.queryForString("SELECT count(*) FROM target"))
                        .isEqualTo("2010");
            }
        }
    }

    /** Only the backends go: the server does not say that it was started anew. */
    @ParameterizedTest
    @MethodSource("majors")
    void aBackendThatIsKilled(int major) throws Exception {
        CollectedJournal journal = new CollectedJournal(0);
        try (TestingDatabase database = server(major).server().createDatabase()) {
            database.execute("CREATE TABLE target (id integer, name text)");
            try (PostgresWriter writer = TestingWriter.to(database, "target").open()) {
                TestingWriter.planned(writer, Numbers.SCHEMA);
                try (ChannelWriter channel = writer.open(journal)) {
                    write(channel, 0, 2000);
                    database.execute("ALTER TABLE target SET UNLOGGED");
                    long pid = Long.parseLong(database.queryForString(
                            "SELECT pid FROM pg_stat_activity WHERE application_name = 'transvase test'"));
                    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
                    assertDoubt(
                            catchThrowableOfType(TransvaseException.class, () -> write(channel, 2000, 2010)),
                            "unlogged tables");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("majors")
    void anOrderlyRestartKeepsUnloggedTables(int major) throws Exception {
        SeparatePostgres server = server(major);
        CollectedJournal journal = new CollectedJournal(0);
        try (TestingDatabase database = server.server().createDatabase()) {
            TestingLogin login = database.createLogin();
            database.execute(
                    "CREATE UNLOGGED TABLE target (id integer, name text)",
                    "GRANT INSERT ON target TO " + login.user());
            try (PostgresWriter writer = TestingWriter.to(database, "target")
                    .at(TestingWriter.dataSource(
                            database, database.host(), database.port(), login.user(), login.password()))
                    .open()) {
                TestingWriter.planned(writer, Numbers.SCHEMA);
                try (ChannelWriter channel = writer.open(journal)) {
                    write(channel, 0, 2000);
                    server.stop(StopMode.FAST);
                    server.start();
                    write(channel, 2000, 2010);
                }
                writer.complete();
            }
            assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("2010");
        }
    }

    /** Its twin has a database and a role of the same names. */
    @Test
    void anotherServer() throws Exception {
        CollectedJournal journal = new CollectedJournal(0);
        try (TestingDatabase database =
                        server(TestingPostgres.newest().major()).server().createDatabase();
                TestingDatabase other =
                        server(TestingPostgres.oldest().major()).server().createDatabase();
                FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
            String role = "CREATE ROLE twin SUPERUSER LOGIN PASSWORD 'twin'";
            database.execute(role, "CREATE TABLE target (id integer, name text)");
            other.execute(role, "CREATE DATABASE \"" + database.name() + "\"");
            PostgresDataSource source = TestingWriter.dataSource(database, proxy.host(), proxy.port(), "twin", "twin");
            assertLost(
                    database,
                    source,
                    proxy,
                    journal,
                    "another server",
                    () -> proxy.forwardTo(other.host(), other.port()));
            other.execute("DROP DATABASE \"" + database.name() + "\"");
        }
    }

    /** Two servers behind one address: each would get a part of the rows. */
    @Test
    void anotherServerBeforeTheFirstCommit() throws Exception {
        CollectedJournal journal = new CollectedJournal(0);
        try (TestingDatabase database =
                        server(TestingPostgres.newest().major()).server().createDatabase();
                TestingDatabase other =
                        server(TestingPostgres.oldest().major()).server().createDatabase();
                FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
            String role = "CREATE ROLE twin2 SUPERUSER LOGIN PASSWORD 'twin'";
            database.execute(role, "CREATE TABLE target (id integer, name text)");
            other.execute(role, "CREATE DATABASE \"" + database.name() + "\"");
            PostgresDataSource source = TestingWriter.dataSource(database, proxy.host(), proxy.port(), "twin2", "twin");
            try (PostgresWriter writer =
                    TestingWriter.to(database, "target").at(source).open()) {
                TestingWriter.planned(writer, Numbers.SCHEMA);
                proxy.forwardTo(other.host(), other.port());
                try (ChannelWriter channel = writer.open(journal)) {
                    TransvaseException failure =
                            catchThrowableOfType(TransvaseException.class, () -> write(channel, 0, 2000));
                    assertThat(failure.code()).as(failure.getMessage()).isEqualTo("SERVER_CHANGED");
                    assertThat(failure.type()).isEqualTo(ErrorType.EXTERNAL);
                }
                assertThat(journal.committedRecords()).isZero();
            }
            other.execute("DROP DATABASE \"" + database.name() + "\"");
        }
    }

    /** The question that is sent along with the commit fails, and the commit is done. */
    @ParameterizedTest
    @MethodSource("majors")
    void anErrorBehindTheCommitIsNoRefusal(int major) throws Exception {
        CollectedJournal journal = new CollectedJournal(0);
        try (TestingDatabase database = server(major).server().createDatabase()) {
            TestingLogin login = database.createLogin();
            database.execute(
                    "CREATE TABLE target (id integer, name text, UNIQUE (id) DEFERRABLE INITIALLY DEFERRED)",
                    "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_current_wal_flush_lsn() FROM PUBLIC",
                    "GRANT INSERT ON target TO " + login.user());
            try (PostgresWriter writer = TestingWriter.to(database, "target")
                    .at(TestingWriter.dataSource(
                            database, database.host(), database.port(), login.user(), login.password()))
                    .open()) {
                TestingWriter.planned(writer, Numbers.SCHEMA);
                try (ChannelWriter channel = writer.open(journal)) {
                    write(channel, 0, 2000);
                    write(channel, 2000, 2010);
                    // What is refused is refused.
                    TransvaseException failure =
                            catchThrowableOfType(TransvaseException.class, () -> write(channel, 2005, 2020));
                    assertThat(failure.code()).isEqualTo("ERROR_LIMIT_EXCEEDED");
                }
                writer.complete();
            }
            assertThat(journal.dirtyRecords().get(0).sqlState()).isEqualTo("23505");
            assertThat(database.queryForString("SELECT count(*) FROM target"))
                    .isEqualTo(Long.toString(journal.committedRecords()));
        }
    }

    @Test
    void aServerThatDoesNotAnswerAtTheEnd() throws Exception {
        CollectedJournal journal = new CollectedJournal(0);
        try (TestingDatabase database =
                        server(TestingPostgres.newest().major()).server().createDatabase();
                FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
            database.execute("CREATE TABLE target (id integer, name text)");
            try (PostgresWriter writer = TestingWriter.to(database, "target")
                    .at(TestingWriter.dataSource(database, proxy.host(), proxy.port()))
                    .retrySeconds(0)
                    .open()) {
                TestingWriter.planned(writer, Numbers.SCHEMA);
                try (ChannelWriter channel = writer.open(journal)) {
                    write(channel, 0, 2000);
                }
                proxy.refuse();
                assertDoubt(
                        catchThrowableOfType(TransvaseException.class, writer::complete),
                        "could not be asked at the end whether it has everything that was committed: cannot connect");
                proxy.allow();
                writer.complete();
            }
        }
    }

    /** Until it takes over, a standby is no server that has all. */
    @Test
    void aStandbyThatAnswersAtTheEnd() throws Exception {
        try (StandbyPostgres servers =
                        StandbyPostgres.start(TestingPostgres.newest().major(), Map.of());
                TestingDatabase database = servers.primary().createDatabase();
                FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
            database.execute("CREATE TABLE target (id integer, name text)");
            try (PostgresWriter writer = TestingWriter.to(database, "target")
                    .at(TestingWriter.dataSource(database, proxy.host(), proxy.port()))
                    .retrySeconds(0)
                    .open()) {
                TestingWriter.planned(writer, Numbers.SCHEMA);
                try (ChannelWriter channel = writer.open(new CollectedJournal(0))) {
                    write(channel, 0, 2000);
                }
                servers.awaitReplay();
                TestingDatabase standby = servers.onStandby(database);
                proxy.forwardTo(standby.host(), standby.port());
                assertDoubt(
                        catchThrowableOfType(TransvaseException.class, writer::complete), "the server is in recovery");
                standby.execute("SELECT pg_promote()");
                writer.complete();
            }
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static void assertLost(
            TestingDatabase database,
            PostgresDataSource source,
            FaultProxy proxy,
            CollectedJournal journal,
            String told,
            Action change)
            throws Exception {
        try (PostgresWriter writer =
                TestingWriter.to(database, "target").at(source).open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter channel = writer.open(journal)) {
                write(channel, 0, 2000);
                change.run();
                proxy.reset();
                if (told.isEmpty()) {
                    write(channel, 2000, 2010);
                } else {
                    assertDoubt(catchThrowableOfType(TransvaseException.class, () -> write(channel, 2000, 2010)), told);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStandbyThatTakesOver(boolean hasAll) throws Exception {
        try (StandbyPostgres servers =
                        StandbyPostgres.start(TestingPostgres.newest().major(), Map.of());
                TestingDatabase database = servers.primary().createDatabase();
                FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
            database.execute("CREATE TABLE target (id integer, name text)");
            servers.awaitReplay();
            TestingDatabase standby = servers.onStandby(database);
            if (!hasAll) {
                standby.execute("ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()");
                while (!standby.queryForString("SELECT count(*) FROM pg_stat_wal_receiver")
                        .equals("0")) {
                    Thread.onSpinWait();
                }
            }
            PostgresDataSource source = TestingWriter.dataSource(database, proxy.host(), proxy.port());
            String told = hasAll ? "" : "standby took over";
            assertLost(database, source, proxy, new CollectedJournal(0), told, () -> {
                if (hasAll) {
                    servers.awaitReplay();
                }
                standby.execute("SELECT pg_promote()");
                proxy.forwardTo(standby.host(), standby.port());
            });
        }
    }
}
