package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedJournal;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is the server's trouble makes no record dirty, ends the job as a failure of a system outside, and is told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerTroublesIT {

    /** Raised by a trigger, since a disk that is full, or a crash, cannot be had on every machine. */
    private static final List<String> RAISED = List.of(
            "53000", "53100", "53200", "53300", "53400", "54011", "54023", "57014", "57P01", "57P02", "57P03", "08006",
            "25006", "25P02", "40001", "40P01", "42501", "42P01", "55P03", "58030", "XX000", "XX001");

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
    void createDatabases() throws SQLException {
        for (TestingPostgres server : List.of(TestingPostgres.oldest(), TestingPostgres.newest())) {
            TestingDatabase database = server.createDatabase();
            databases.put(server.major(), database);
            database.execute("CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN IF NEW.name <> ''ok'' THEN RAISE EXCEPTION ''trouble'' USING ERRCODE = NEW.name; END IF;"
                    + " RETURN NEW; END'");
        }
    }

    @BeforeEach
    void createTable() throws SQLException {
        for (TestingDatabase database : databases.values()) {
            database.execute("DROP TABLE IF EXISTS target", "CREATE TABLE target (id integer PRIMARY KEY, name text)");
        }
    }

    @AfterAll
    void dropDatabases() {
        databases.values().forEach(TestingDatabase::close);
    }

    private TestingWriter writer(Case tried) {
        return TestingWriter.to(databases.get(tried.major()), "target")
                .mode(tried.mode())
                .retrySeconds(0);
    }

    private static void write(ChannelWriter channel, int from, int to, String name) {
        channel.write(
                Numbers.batch(from, to, id -> id == to - 5 ? name : "ok"), TestingWriter.SPLIT, BatchEnd.commitPoint());
    }

    private static void assertFailure(CollectedJournal journal, TransvaseException failure, String state) {
        assertThat(failure.type()).as(failure.getMessage()).isEqualTo(ErrorType.EXTERNAL);
        assertThat(failure)
                .hasMessageContaining("writing public.target")
                .hasMessageContaining("(SQLSTATE " + state + ")");
        assertThat(journal.dirtyRecords()).isEmpty();
    }

    private void assertStoredIsCommitted(Case tried, CollectedJournal journal) throws SQLException {
        assertThat(databases.get(tried.major()).queryForString("SELECT count(*) FROM target"))
                .isEqualTo(Long.toString(journal.committedRecords()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whateverTheServerSays(Case tried) throws SQLException {
        databases
                .get(tried.major())
                .execute("CREATE TRIGGER t BEFORE INSERT ON target FOR EACH ROW EXECUTE PROCEDURE fail()");
        CollectedJournal journal = new CollectedJournal(1000);
        int from = 0;
        try (PostgresWriter writer = writer(tried).open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            for (String state : RAISED) {
                int start = from;
                try (ChannelWriter channel = writer.open(journal)) {
                    write(channel, start, start + 10, "ok");
                    channel.flush();
                    TransvaseException failure = catchThrowableOfType(TransvaseException.class, () -> {
                        write(channel, start + 10, start + 100, state);
                        channel.flush();
                    });
                    assertFailure(journal, failure, state);
                }
                from += 100;
            }
        }
        assertThat(journal.committedRecords()).isEqualTo(10L * RAISED.size());
        assertStoredIsCommitted(tried, journal);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void timeoutsAndACancelledStatement(Case tried) throws Exception {
        TestingDatabase database = databases.get(tried.major());
        database.execute("DROP TABLE IF EXISTS setting", "CREATE TABLE setting (name text, value text)");
        CollectedJournal journal = new CollectedJournal(1000);
        try (PostgresWriter writer = writer(tried)
                        .session("SELECT set_config(name, value, false) FROM setting")
                        .open();
                Connection locking = database.connect();
                Statement statement = locking.createStatement()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            locking.setAutoCommit(false);
            statement.execute("LOCK TABLE target IN EXCLUSIVE MODE");
            assertFailure(writer, database, journal, "lock_timeout = 300", "55P03");
            assertFailure(writer, database, journal, "statement_timeout = 300", "57014");
            CompletableFuture<Void> cancelling = CompletableFuture.runAsync(() -> cancelWaiting(database));
            assertFailure(writer, database, journal, "lock_timeout = 0", "57014");
            cancelling.get();
            locking.rollback();
            assertFailure(writer, database, journal, "default_transaction_read_only = on", "25006");
        }
        assertStoredIsCommitted(tried, journal);
    }

    /** With a setting of the server that comes after the check of the job. */
    private static void assertFailure(
            PostgresWriter writer, TestingDatabase database, CollectedJournal journal, String setting, String state)
            throws SQLException {
        String[] parts = setting.split(" = ", -1);
        database.execute("TRUNCATE setting", "INSERT INTO setting VALUES ('" + parts[0] + "', '" + parts[1] + "')");
        try (ChannelWriter channel = writer.open(journal)) {
            TransvaseException failure = catchThrowableOfType(TransvaseException.class, () -> {
                write(channel, 0, 10, "ok");
                channel.flush();
            });
            assertFailure(journal, failure, state);
        }
    }

    private static void cancelWaiting(TestingDatabase database) {
        try {
            while (database.queryForList("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = '"
                            + database.name() + "' AND wait_event_type = 'Lock'")
                    .isEmpty()) {
                Thread.onSpinWait();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPrivilegeThatIsTakenAway(Case tried) throws SQLException {
        TestingDatabase database = databases.get(tried.major());
        TestingLogin login = database.createLogin();
        database.execute("GRANT INSERT, SELECT ON target TO " + login.user());
        CollectedJournal journal = new CollectedJournal(1000);
        try (PostgresWriter writer = writer(tried)
                .at(TestingWriter.dataSource(
                        database, database.host(), database.port(), login.user(), login.password()))
                .open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter channel = writer.open(journal)) {
                write(channel, 0, 10, "ok");
                channel.flush();
                database.execute("REVOKE INSERT ON target FROM " + login.user());
                TransvaseException failure = catchThrowableOfType(TransvaseException.class, () -> {
                    write(channel, 10, 20, "ok");
                    channel.flush();
                });
                assertFailure(journal, failure, "42501");
                assertThat(failure.code()).isEqualTo("PERMISSION_DENIED");
            }
        }
        assertStoredIsCommitted(tried, journal);
        assertThat(journal.committedRecords()).isEqualTo(10);
    }
}
