package dev.sluice.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.spi.ChannelWriter;
import dev.sluice.spi.ErrorType;
import dev.sluice.spi.Position;
import dev.sluice.spi.SluiceException;
import dev.sluice.testing.TestingDatabase;
import dev.sluice.testing.TestingLogin;
import dev.sluice.testing.TestingPostgres;
import dev.sluice.testing.contract.CollectedJournal;
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
            "53000", "53100", "53200", "53300", "53400", "54000", "57014", "57P01", "57P02", "57P03", "08006", "25006",
            "25P02", "40001", "40P01", "42501", "42P01", "55P03", "58030", "P0001", "XX000", "XX001");

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
        channel.write(Numbers.batch(from, to, id -> id == to - 5 ? name : "ok"), TestingWriter.SPLIT, Position.START);
    }

    private void assertFailure(Case tried, CollectedJournal journal, SluiceException failure, String state)
            throws SQLException {
        assertThat(failure.type()).as(failure.getMessage()).isEqualTo(ErrorType.EXTERNAL);
        assertThat(failure)
                .hasMessageContaining("writing public.target")
                .hasMessageContaining("(SQLSTATE " + state + ")");
        assertThat(journal.dirtyRecords()).isEmpty();
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
                    SluiceException failure = catchThrowableOfType(SluiceException.class, () -> {
                        write(channel, start + 10, start + 100, state);
                        channel.flush();
                    });
                    assertFailure(tried, journal, failure, state);
                }
                from += 100;
            }
        }
        assertThat(journal.committedRecords()).isEqualTo(10L * RAISED.size());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void timeoutsAndACancelledStatement(Case tried) throws Exception {
        TestingDatabase database = databases.get(tried.major());
        try (Connection locking = database.connect();
                Statement statement = locking.createStatement()) {
            locking.setAutoCommit(false);
            statement.execute("LOCK TABLE target IN EXCLUSIVE MODE");
            assertFailure(tried, "SET lock_timeout = 20", "55P03");
            assertFailure(tried, "SET statement_timeout = 20", "57014");
            CompletableFuture<Void> cancelling = CompletableFuture.runAsync(() -> cancelWaiting(database));
            assertFailure(tried, "SET lock_timeout = 0", "57014");
            cancelling.get();
        }
        assertFailure(tried, "SET default_transaction_read_only = on", "25006");
    }

    private void assertFailure(Case tried, String session, String state) throws SQLException {
        CollectedJournal journal = new CollectedJournal(1000);
        SluiceException failure = catchThrowableOfType(
                SluiceException.class,
                () -> writer(tried)
                        .session(session)
                        .write(journal, Numbers.SCHEMA, List.of(Numbers.batch(0, 10, id -> "ok"))));
        assertFailure(tried, journal, failure, state);
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
                SluiceException failure = catchThrowableOfType(SluiceException.class, () -> {
                    write(channel, 10, 20, "ok");
                    channel.flush();
                });
                assertFailure(tried, journal, failure, "42501");
                assertThat(failure.code()).isEqualTo("PERMISSION_DENIED");
            }
        } finally {
            database.execute("DROP TABLE target");
        }
        assertThat(journal.committedRecords()).isEqualTo(10);
    }
}
