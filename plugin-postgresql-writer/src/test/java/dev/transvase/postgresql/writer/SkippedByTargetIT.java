package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
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

/** Triggers and rules of the target that leave records out: only what the server says it took counts as written. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SkippedByTargetIT {

    private static final int RECORDS = 3000;

    private TestingServers servers;

    private record Case(boolean newest, WriteMode mode) {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (WriteMode mode : WriteMode.values()) {
            cases.add(new Case(false, mode));
            cases.add(new Case(true, mode));
        }
        return cases;
    }

    private TestingDatabase database(Case tried) {
        return tried.newest() ? servers.newest() : servers.oldest();
    }

    @BeforeAll
    void createDatabases() throws SQLException {
        servers = new TestingServers();
        for (TestingDatabase database : List.of(servers.oldest(), servers.newest())) {
            database.execute("CREATE FUNCTION leave_out() RETURNS trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN IF NEW.id % 10 = 3 THEN RETURN NULL; END IF; RETURN NEW; END'");
        }
    }

    @BeforeEach
    void createTables() throws SQLException {
        for (TestingDatabase database : List.of(servers.oldest(), servers.newest())) {
            database.execute(
                    "DROP TABLE IF EXISTS target CASCADE",
                    "CREATE TABLE target (id integer PRIMARY KEY, name text CHECK (name <> 'bad'))");
        }
    }

    @AfterAll
    void dropDatabases() {
        servers.close();
    }

    private static final String TRIGGER =
            "CREATE TRIGGER leave BEFORE INSERT ON target FOR EACH ROW EXECUTE PROCEDURE leave_out()";

    private static RecordBatch records() {
        return Numbers.batch(0, RECORDS, id -> id == 1234 || id == 2003 ? "bad" : "ok");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aTriggerThatReturnsNullFailsTheJob(Case tried) throws SQLException {
        database(tried).execute(TRIGGER);
        CollectedJournal journal = new CollectedJournal(100);
        TransvaseException failure = catchThrowableOfType(
                TransvaseException.class,
                () -> TestingWriter.to(database(tried), "target")
                        .mode(tried.mode())
                        .write(journal, Numbers.SCHEMA, List.of(Numbers.batch(0, 100, id -> "ok"))));
        assertThat(failure.code()).isEqualTo("SKIPPED_BY_TARGET");
        assertThat(failure)
                .hasMessageContaining("the target took 90 rows for 100 records of public.target; see its trigger leave")
                .hasMessageContaining("\"skippedByTarget\" to \"allow\"");
        assertThat(journal.committedRecords()).isZero();
        assertThat(journal.skippedRecords()).isEqualTo(10);
        assertThat(database(tried).queryForString("SELECT count(*) FROM target"))
                .isEqualTo("0");
    }

    /** Bad records beside them are told once, and nothing is counted twice on the way. */
    @ParameterizedTest
    @MethodSource("cases")
    void whereTheJobAllowsItEachRecordIsCountedOnce(Case tried) throws SQLException {
        database(tried).execute(TRIGGER);
        CollectedJournal journal = new CollectedJournal(100);
        TestingWriter.to(database(tried), "target")
                .mode(tried.mode())
                .allowingSkipped()
                .write(journal, Numbers.SCHEMA, List.of(records()));
        // Number 2003 would be bad, but the trigger has left it out before.
        assertThat(journal.dirtyRecords())
                .extracting(dirty -> dirty.values().get("id"))
                .containsExactly("1234");
        assertThat(journal.skippedRecords()).isEqualTo(RECORDS / 10);
        assertThat(journal.committedRecords()).isEqualTo(RECORDS - RECORDS / 10 - 1);
        assertThat(database(tried).queryForString("SELECT count(*) FROM target"))
                .isEqualTo(Long.toString(journal.committedRecords()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aPartOfTheTableWithATriggerOfItsOwn(Case tried) throws SQLException {
        if (!tried.newest()) {
            return; // partitions have row triggers from PostgreSQL 11 on, and upserts too
        }
        TestingDatabase database = database(tried);
        database.execute(
                "DROP TABLE target",
                "CREATE TABLE target (id integer PRIMARY KEY, name text) PARTITION BY RANGE (id)",
                "CREATE TABLE low PARTITION OF target FOR VALUES FROM (0) TO (50)",
                "CREATE TABLE high PARTITION OF target DEFAULT",
                "CREATE TRIGGER leave BEFORE INSERT ON low FOR EACH ROW EXECUTE PROCEDURE leave_out()");
        TransvaseException failure = catchThrowableOfType(
                TransvaseException.class,
                () -> TestingWriter.to(database, "target")
                        .mode(tried.mode())
                        .write(new CollectedJournal(0), Numbers.SCHEMA, List.of(Numbers.batch(0, 100, id -> "ok"))));
        assertThat(failure)
                .hasMessageContaining(
                        "the target took 95 rows for 100 records of public.target; see its trigger leave");
    }

    /** As tables were split before there were partitions. */
    @ParameterizedTest
    @MethodSource("cases")
    void aTriggerThatPutsRowsIntoAChild(Case tried) throws SQLException {
        TestingDatabase database = database(tried);
        database.execute(
                "CREATE TABLE child () INHERITS (target)",
                "CREATE OR REPLACE FUNCTION route() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO child VALUES (NEW.*); RETURN NULL; END'",
                "CREATE TRIGGER route BEFORE INSERT ON target FOR EACH ROW EXECUTE PROCEDURE route()");
        TestingWriter writer = TestingWriter.to(database, "target").mode(tried.mode());
        List<RecordBatch> records = List.of(Numbers.batch(0, 100, id -> "ok"));
        TransvaseException failure = catchThrowableOfType(
                TransvaseException.class, () -> writer.write(new CollectedJournal(0), Numbers.SCHEMA, records));
        assertThat(failure)
                .hasMessageContaining("the target took 0 rows for 100 records of public.target; see its trigger route");
        assertThat(database.queryForString("SELECT count(*) FROM child")).isEqualTo("0");
        CollectedJournal journal = new CollectedJournal(0);
        writer.allowingSkipped().write(journal, Numbers.SCHEMA, records);
        assertThat(journal.skippedRecords()).isEqualTo(100);
        assertThat(journal.committedRecords()).isZero();
        assertThat(database.queryForString("SELECT count(*) FROM child")).isEqualTo("100");
    }

    /** Of an upsert that leaves an update out. */
    @Test
    void anUpdateThatIsLeftOut() throws SQLException {
        for (TestingDatabase database : List.of(servers.oldest(), servers.newest())) {
            database.execute(
                    "INSERT INTO target SELECT n, 'old' FROM generate_series(0, 49) n",
                    "CREATE TRIGGER leave BEFORE UPDATE ON target FOR EACH ROW EXECUTE PROCEDURE leave_out()");
            CollectedJournal journal = new CollectedJournal(0);
            TestingWriter writer =
                    TestingWriter.to(database, "target").mode(WriteMode.UPSERT).allowingSkipped();
            // Each key twice: the first of the two is passed over and counts as written.
            writer.write(
                    journal,
                    Numbers.SCHEMA,
                    List.of(Numbers.batch(0, 100, id -> "new"), Numbers.batch(0, 100, id -> "newer")));
            assertThat(journal.skippedRecords()).isEqualTo(5);
            assertThat(journal.committedRecords()).isEqualTo(195);
            assertThat(database.queryForList("SELECT DISTINCT name FROM target WHERE id % 10 = 3 AND id < 50"))
                    .containsExactly("old");
        }
    }

    /** Of an upsert that has nothing to update, what was there before counts as written, and what was left out does not. */
    @Test
    void ofAKeyAlone() throws SQLException {
        for (TestingDatabase database : List.of(servers.oldest(), servers.newest())) {
            database.execute(
                    "DROP TABLE IF EXISTS pair",
                    "CREATE TABLE pair (id integer, name varchar(3), UNIQUE (id, name))",
                    "INSERT INTO pair SELECT n, 'ok' FROM generate_series(0, 49) n",
                    "CREATE TRIGGER leave BEFORE INSERT ON pair FOR EACH ROW EXECUTE PROCEDURE leave_out()");
            CollectedJournal journal = new CollectedJournal(0);
            TestingWriter writer = TestingWriter.to(database, "pair").upsert("id", "name");
            List<RecordBatch> records = List.of(
                    Numbers.batch(0, 100, id -> "ok"),
                    Numbers.batch(0, 100, id -> "ok"),
                    Numbers.batch(203, 204, id -> null));
            TransvaseException failure = catchThrowableOfType(
                    TransvaseException.class, () -> writer.write(journal, Numbers.SCHEMA, records));
            assertThat(failure).hasMessageContaining("the target took 195 rows for 201 records of public.pair");
            CollectedJournal allowed = new CollectedJournal(0);
            writer.allowingSkipped().write(allowed, Numbers.SCHEMA, records);
            assertThat(allowed.skippedRecords()).isEqualTo(6);
            assertThat(allowed.committedRecords()).isEqualTo(195);
            assertThat(database.queryForString("SELECT count(*) FROM pair")).isEqualTo("95");
        }
    }

    @Test
    void rulesOfInserts() throws SQLException {
        for (TestingDatabase database : List.of(servers.oldest(), servers.newest())) {
            database.execute("CREATE TABLE elsewhere (id integer, name text)");
            assertRule(
                    database, "ON INSERT TO target DO INSTEAD NOTHING", "the target took 0 rows for 10 records", 10, 0);
            assertRule(
                    database,
                    "ON INSERT TO target WHERE NEW.id < 4 DO INSTEAD INSERT INTO elsewhere VALUES (NEW.*)",
                    "the target took 6 rows for 10 records",
                    4,
                    6);
            // The server says that it took them, though elsewhere.
            assertRule(database, "ON INSERT TO target DO INSTEAD INSERT INTO elsewhere VALUES (NEW.*)", "", 0, 10);
            assertRule(database, "ON INSERT TO target DO ALSO INSERT INTO elsewhere VALUES (NEW.*)", "", 0, 10);
            assertRule(
                    database,
                    "ON INSERT TO target DO INSTEAD INSERT INTO elsewhere SELECT NEW.* FROM generate_series(1, 2)",
                    "the target took 20 rows for 10 records",
                    0,
                    10);
        }
    }

    private static void assertRule(TestingDatabase database, String rule, String message, int skipped, int written)
            throws SQLException {
        database.execute("TRUNCATE target", "CREATE OR REPLACE RULE other AS " + rule);
        TestingWriter writer = TestingWriter.to(database, "target").mode(WriteMode.INSERT);
        List<RecordBatch> records = List.of(Numbers.batch(0, 10, id -> "ok"));
        CollectedJournal journal = new CollectedJournal(0);
        if (!message.isEmpty()) {
            TransvaseException failure = catchThrowableOfType(
                    TransvaseException.class, () -> writer.write(journal, Numbers.SCHEMA, records));
            assertThat(failure).hasMessageContaining(message).hasMessageContaining("rule other");
            assertThat(journal.committedRecords()).isZero();
        }
        CollectedJournal allowed = new CollectedJournal(0);
        writer.allowingSkipped().write(allowed, Numbers.SCHEMA, records);
        assertThat(allowed.skippedRecords()).as(rule).isEqualTo(skipped);
        assertThat(allowed.committedRecords()).as(rule).isEqualTo(written);
    }

    @Test
    void aViewsOwnTrigger() throws SQLException {
        for (TestingDatabase database : List.of(servers.oldest(), servers.newest())) {
            database.execute(
                    "CREATE VIEW seen AS SELECT id, name FROM target",
                    "CREATE OR REPLACE FUNCTION instead() RETURNS trigger LANGUAGE plpgsql AS"
                            + " 'BEGIN IF NEW.id = 7 THEN RETURN NULL; END IF; INSERT INTO target VALUES (NEW.*); RETURN NEW;"
                            + " END'",
                    "CREATE TRIGGER instead INSTEAD OF INSERT ON seen FOR EACH ROW EXECUTE PROCEDURE instead()");
            for (WriteMode mode : List.of(WriteMode.INSERT, WriteMode.COPY)) {
                TransvaseException failure = catchThrowableOfType(
                        TransvaseException.class,
                        () -> TestingWriter.to(database, "seen")
                                .mode(mode)
                                .write(
                                        new CollectedJournal(0),
                                        Numbers.SCHEMA,
                                        List.of(Numbers.batch(0, 10, id -> "ok"))));
                assertThat(failure)
                        .hasMessageContaining(
                                "the target took 9 rows for 10 records of public.seen; see its trigger instead");
            }
        }
    }

    @Test
    void aTriggerBehindAView() throws SQLException {
        for (TestingDatabase database : List.of(servers.oldest(), servers.newest())) {
            database.execute(
                    "CREATE TABLE base (id integer, name text)",
                    "CREATE VIEW behind AS SELECT id, name FROM base",
                    "CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS"
                            + " 'BEGIN IF NEW.id % 2 = 0 THEN RETURN NULL; END IF; RETURN NEW; END'",
                    "CREATE TRIGGER odd BEFORE INSERT ON base FOR EACH ROW EXECUTE PROCEDURE odd()");
            TestingWriter writer = TestingWriter.to(database, "behind").mode(WriteMode.INSERT);
            TransvaseException failure = catchThrowableOfType(
                    TransvaseException.class,
                    () -> writer.write(
                            new CollectedJournal(0), Numbers.SCHEMA, List.of(Numbers.batch(0, 10, id -> "ok"))));
            assertThat(failure)
                    .hasMessageContaining(
                            "the target took 5 rows for 10 records of public.behind; see its trigger odd on base");
        }
    }

    @Test
    void amongChangesAnInsertThatIsLeftOutIsDirty() throws SQLException {
        TestingDatabase database = servers.newest();
        database.execute(TRIGGER);
        try (TestingStream stream =
                new TestingStream(TestingWriter.to(database, ""), "target", 5, Numbers.schema("target"))) {
            stream.insert(0, "1", "a")
                    .insert(0, "3", "b")
                    .insert(0, "4", "c")
                    .commit()
                    .flush();
            assertThat(stream.journal().dirtyRecords())
                    .extracting(DirtyRecord::sqlState)
                    .containsExactly("02000");
            assertThat(stream.journal().dirtyRecords().get(0).message()).contains("skippedByTarget");
            assertThat(stream.journal().committedRecords()).isEqualTo(2);
        }
        assertThat(database.queryForList("SELECT id FROM target ORDER BY id")).containsExactly("1", "4");
    }
}
