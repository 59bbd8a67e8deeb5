package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.BatchEnd;
import dev.transvase.spi.ChannelWriter;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.contract.CollectedJournal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table is changed while the job writes to it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TableGuardIT {

    private TestingServers servers;

    /** @param change what is done to the table between two commits */
    private record Case(boolean newest, WriteMode mode, String change, String told) {}

    static List<Case> cases() {
        String[][] changes = {
            {"ALTER TABLE target ALTER id TYPE real", "expected column id of type integer, found another type"},
            {"ALTER TABLE target ALTER name TYPE varchar(3)", "expected column name of type text"},
            {"ALTER TABLE target ALTER amount TYPE numeric(10,1)", "expected column amount of type numeric(10,2)"},
            {"ALTER TABLE target RENAME name TO title", "column t.name does not exist"},
            {"ALTER TABLE target DROP name", "column t.name does not exist"},
            {"ALTER TABLE target DROP name; ALTER TABLE target ADD name text", "column name was dropped and added again"
            },
            {
                "DROP TABLE target; CREATE TABLE target (id integer, name text, amount numeric(10,2))",
                "was dropped or renamed"
            },
            {"ALTER TABLE target RENAME TO old", "relation \"public.target\" does not exist"},
            {"ALTER TABLE target RENAME id TO x; ALTER TABLE target RENAME place TO id", "was dropped and added again"},
        };
        List<Case> cases = new ArrayList<>();
        for (WriteMode mode : WriteMode.values()) {
            for (String[] change : changes) {
                cases.add(new Case(true, mode, change[0], change[1]));
            }
            cases.add(new Case(false, mode, changes[0][0], changes[0][1]));
            cases.add(new Case(false, mode, changes[6][0], changes[6][1]));
        }
        return cases;
    }

    @BeforeAll
    void createDatabases() {
        servers = new TestingServers();
    }

    @AfterAll
    void dropDatabases() {
        servers.close();
    }

    @BeforeEach
    void createTable() throws SQLException {
        for (TestingDatabase database : List.of(servers.oldest(), servers.newest())) {
            database.execute(
                    "DROP TABLE IF EXISTS target, old CASCADE",
                    "CREATE TABLE target (id integer PRIMARY KEY, name text, amount numeric(10,2) DEFAULT 1, place integer)");
        }
    }

    private static void write(ChannelWriter channel, int from, int to) {
        channel.write(Numbers.batch(from, to, id -> "ab"), TestingWriter.SPLIT, BatchEnd.commitPoint());
        channel.flush();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void endsTheJobWithTableAndColumn(Case tried) throws SQLException {
        TestingDatabase database = tried.newest() ? servers.newest() : servers.oldest();
        boolean threeColumns = tried.told().contains("amount");
        CollectedJournal journal = new CollectedJournal(1_000_000);
        try (PostgresWriter writer = TestingWriter.to(database, "target")
                .mode(tried.mode())
                .columns(threeColumns ? new String[] {"id", "amount"} : new String[] {"id", "name"})
                .open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter channel = writer.open(journal)) {
                channel.write(Numbers.batch(0, 10, id -> "12"), TestingWriter.SPLIT, BatchEnd.commitPoint());
                channel.flush();
                database.execute(tried.change().split("; "));
                TransvaseException failure =
                        catchThrowableOfType(TransvaseException.class, () -> write(channel, 10, 20));
                assertThat(failure.code()).as(failure.getMessage()).isEqualTo("TARGET_CHANGED");
                assertThat(failure.type()).isEqualTo(ErrorType.EXTERNAL);
                assertThat(failure).hasMessageContaining("public.target").hasMessageContaining(tried.told());
            }
        }
        assertThat(journal.dirtyRecords()).isEmpty();
        assertThat(journal.committedRecords()).isEqualTo(10);
    }

    /** Columns of others, constraints and new parts of the table do not matter. */
    @Test
    void whatDoesNotConcernTheJobIsLeftAlone() throws SQLException {
        TestingDatabase database = servers.newest();
        CollectedJournal journal = new CollectedJournal(0);
        try (PostgresWriter writer = TestingWriter.to(database, "target")
                .mode(WriteMode.COPY)
                .columns("id", "name")
                .open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter channel = writer.open(journal)) {
                write(channel, 0, 10);
                database.execute(
                        "ALTER TABLE target ADD more text DEFAULT 'x'",
                        "ALTER TABLE target DROP place",
                        "CREATE INDEX ON target (name)",
                        "CREATE TABLE child () INHERITS (target)");
                write(channel, 10, 20);
            }
        }
        assertThat(database.queryForString("SELECT count(*) FROM target WHERE more = 'x'"))
                .isEqualTo("20");
    }

    /** The lock of a transaction that is under way lets nobody change the table. */
    @Test
    void nobodyChangesTheTableWithinATransaction() throws Exception {
        TestingDatabase database = servers.newest();
        CollectedJournal journal = new CollectedJournal(0);
        try (PostgresWriter writer = TestingWriter.to(database, "target")
                .mode(WriteMode.INSERT)
                .columns("id", "name")
                .batchSize(5)
                .open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter channel = writer.open(journal)) {
                channel.write(Numbers.batch(0, 5, id -> "ab"), TestingWriter.SPLIT, BatchEnd.commitPoint());
                SQLException refused = catchThrowableOfType(
                        SQLException.class,
                        () -> database.execute(
                                "SET lock_timeout = '100ms'", "ALTER TABLE target ALTER id TYPE bigint"));
                assertThat(refused.getSQLState()).isEqualTo("55P03");
                channel.flush();
            }
        }
        assertThat(journal.committedRecords()).isEqualTo(5);
    }

    /** A role that may only insert, and whose transactions see one snapshot, is told as well. */
    @Test
    void aUserWhoMayOnlyInsert() throws SQLException {
        TestingDatabase database = servers.newest();
        var login = database.createLogin();
        database.execute(
                "GRANT INSERT (id, name) ON target TO " + login.user(),
                "ALTER ROLE " + login.user() + " SET default_transaction_isolation = 'repeatable read'");
        CollectedJournal journal = new CollectedJournal(0);
        try (PostgresWriter writer = TestingWriter.to(database, "target")
                .at(TestingWriter.dataSource(
                        database, database.host(), database.port(), login.user(), login.password()))
                .mode(WriteMode.COPY)
                .columns("id", "name")
                .open()) {
            TestingWriter.planned(writer, Numbers.SCHEMA);
            try (ChannelWriter channel = writer.open(journal)) {
                write(channel, 0, 10);
                database.execute("ALTER TABLE target ALTER id TYPE real");
                TransvaseException failure =
                        catchThrowableOfType(TransvaseException.class, () -> write(channel, 10, 20));
                assertThat(failure.code()).isEqualTo("TARGET_CHANGED");
            }
        }
    }
}
