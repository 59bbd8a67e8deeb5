package dev.transvase.postgresql.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import dev.transvase.testing.contract.CollectedChecks;
import dev.transvase.testing.contract.CollectedJournal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The parameters preSql, postSql and session. */
class StatementsIT {

    private static final List<RecordBatch> RECORDS = List.of(Numbers.batch(0, 10, id -> "n" + id));

    private TestingDatabase database;

    @BeforeEach
    void createDatabase() throws SQLException {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE target (id integer, name text)", "CREATE TABLE log (n serial, what text, found bigint)");
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    private static String log(String what) {
        return "INSERT INTO log (what, found) SELECT '" + what + "', count(*) FROM @table";
    }

    @Test
    void runInOrderAroundTheRecords() throws SQLException {
        database.execute("INSERT INTO target VALUES (1, 'old')");
        TestingWriter.to(database, "target")
                .preSql(log("first"), "DELETE FROM @table", log("second"))
                .postSql(log("third"), log("fourth"))
                .write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS);
        assertThat(database.query("SELECT what, found FROM log ORDER BY n"))
                .containsExactly(
                        List.of("first", "1"), List.of("second", "0"), List.of("third", "10"), List.of("fourth", "10"));
    }

    @Test
    void theOneThatFailsIsNamed() throws SQLException {
        TestingWriter writer = TestingWriter.to(database, "target")
                .preSql(log("kept"), "SET lock_timeout = '9s'", "DELETE FROM nowhere", log("never"));
        assertThatThrownBy(() -> writer.write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS))
                .isInstanceOfSatisfying(TransvaseException.class, e -> {
                    assertThat(e.type()).isEqualTo(ErrorType.USER);
                    assertThat(e)
                            .hasMessageContaining("running preSql[2] (DELETE FROM nowhere)")
                            .hasMessageContaining("at character 13");
                });
        assertThat(database.queryForList("SELECT what FROM log")).containsExactly("kept");
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("0");
    }

    /** While nothing was run, as far as no statement before may have made what the next one names. */
    @Test
    void whatIsNoSqlOrNamesNothingIsToldAhead() throws SQLException {
        for (String wrong : List.of("DELET FROM target", "DELETE FROM nowhere", "UPDATE target SET nam = 'x'")) {
            assertThat(TestingWriter.to(database, "target")
                            .preSql("TRUNCATE @table", wrong)
                            .check(Numbers.SCHEMA)
                            .errors())
                    .as(wrong)
                    .singleElement()
                    .asString()
                    .startsWith("preSql[1] STATEMENT_INVALID: preSql[1] (" + wrong.substring(0, 10));
            assertThat(TestingWriter.to(database, "target")
                            .postSql(wrong)
                            .check(Numbers.SCHEMA)
                            .errors())
                    .as(wrong)
                    .singleElement()
                    .asString()
                    .startsWith("postSql STATEMENT_INVALID");
        }
        assertThat(TestingWriter.to(database, "target")
                        .preSql(
                                "CREATE TABLE soon (id int); INSERT INTO soon VALUES (1)",
                                "DELETE FROM soon",
                                "DO $$ BEGIN PERFORM 1; END $$",
                                "VACUUM target")
                        .postSql("DELETE FROM soon WHERE id = 1", "ANALYZE @table", "CALL later()")
                        .check(Numbers.SCHEMA)
                        .errors())
                .isEmpty();
    }

    @Test
    void aFailingPostSqlLeavesTheRecords() throws SQLException {
        TestingWriter writer = TestingWriter.to(database, "target").postSql("SELECT 1/0");
        assertThatThrownBy(() -> writer.write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS))
                .isInstanceOf(TransvaseException.class)
                .hasMessageContaining("postSql[0]")
                .hasMessageContaining("division by zero");
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("10");
    }

    @Test
    void aTableThatOnlyPreSqlCreatesAndPostSqlRenames() throws SQLException {
        TestingWriter writer = TestingWriter.to(database, "fresh")
                .preSql("DROP TABLE IF EXISTS fresh", "CREATE TABLE fresh (LIKE target)")
                .postSql("DROP TABLE target", "ALTER TABLE fresh RENAME TO target");
        assertThat(writer.check(Numbers.SCHEMA).errors()).isEmpty();
        assertThat(database.queryForList("SELECT relname FROM pg_class WHERE relname = 'fresh'"))
                .isEmpty();
        writer.write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS);
        writer.write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS);
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("10");
    }

    @Test
    void aTableThatPreSqlMakesOfAQueryIsTriedWithoutRunningIt() throws SQLException {
        database.execute("CREATE SEQUENCE s");
        for (String data : List.of("", " WITH DATA;", " WITH NO DATA")) {
            TestingWriter writer = TestingWriter.to(database, "fresh")
                    .preSql("CREATE TABLE fresh AS (SELECT id, name FROM target WHERE nextval('s') < 0)" + data);
            assertThat(writer.check(Numbers.SCHEMA).errors()).isEmpty();
        }
        TestingWriter.to(database, "target")
                .preSql("ALTER TABLE target ADD more bigint DEFAULT nextval('s')")
                .check(Numbers.SCHEMA);
        assertThat(database.queryForString("SELECT is_called FROM s")).isEqualTo("f");
    }

    @Test
    void whatIsKnownToHaveChangedNothing() {
        for (String preSql : List.of("DELETE FROM nowhere", "SELECT 1/0")) {
            assertThat(changed(TestingWriter.to(database, "target").preSql(preSql)))
                    .as(preSql)
                    .isFalse();
        }
        assertThat(changed(TestingWriter.to(database, "target").preSql("SELECT 1", "DELETE FROM nowhere")))
                .isFalse();
        assertThat(changed(TestingWriter.to(database, "target").preSql("DELETE FROM target", "DELETE FROM nowhere")))
                .isTrue();
        for (String preSql : List.of("DELETE FROM target; DELETE FROM nowhere", "DO $$ BEGIN RAISE 'no'; END $$")) {
            assertThat(changed(TestingWriter.to(database, "target").preSql(preSql)))
                    .as(preSql)
                    .isTrue();
        }
    }

    private static boolean changed(TestingWriter setup) {
        try (PostgresWriter writer = setup.open()) {
            writer.plan(List.of(Numbers.SCHEMA), new CollectedChecks());
            assertThatThrownBy(writer::begin).isInstanceOf(TransvaseException.class);
            return writer.mayHaveChanged();
        }
    }

    @Test
    void aDefinitionThatFailsIsToldWithTheMissingTable() {
        assertThat(TestingWriter.to(database, "fresh")
                        .preSql("CREATE TABLE fresh (LIKE nowhere)")
                        .check(Numbers.SCHEMA)
                        .errors())
                .singleElement()
                .asString()
                .contains("TABLE_NOT_FOUND", "preSql[0]", "nowhere");
    }

    @Test
    void preSqlMustNotChangeWhatWasChecked() {
        TestingWriter writer = TestingWriter.to(database, "target")
                .preSql("DO $$ BEGIN ALTER TABLE target ALTER id TYPE text; END $$");
        assertThatThrownBy(() -> writer.write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo("TARGET_CHANGED"));
    }

    @Test
    void anExistingTableIsCheckedAsPreSqlWillLeaveIt() throws SQLException {
        database.execute("INSERT INTO target VALUES (1, 'old')");
        assertThat(TestingWriter.to(database, "target")
                        .preSql("DELETE FROM target", "DROP TABLE target", "CREATE TABLE target (other integer)")
                        .check(Numbers.SCHEMA)
                        .errors())
                .singleElement()
                .asString()
                .contains("COLUMN_COUNT");
        assertThat(TestingWriter.to(database, "target")
                        .preSql("ALTER TABLE target ADD CHECK (id > 0)", "ALTER TABLE target DROP absent")
                        .check(Numbers.SCHEMA)
                        .errors())
                .singleElement()
                .asString()
                .startsWith("preSql[1] STATEMENT_INVALID")
                .contains("absent");
        assertThat(database.query("SELECT * FROM target")).containsExactly(List.of("1", "old"));
        assertThat(database.queryForString("SELECT count(*) FROM pg_constraint WHERE conrelid = 'target'::regclass"))
                .isEqualTo("0");
    }

    @Test
    void severalStatementsOfOneEntryAreTriedToo() throws SQLException {
        TestingWriter anew = TestingWriter.to(database, "target")
                .preSql(
                        "BEGIN; DROP TABLE IF EXISTS target; CREATE TABLE target (id integer, name text, more date); COMMIT;");
        anew.columns("id", "name").write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS);
        assertThat(database.queryForString("SELECT count(*) FROM target WHERE more IS NULL"))
                .isEqualTo("10");
        assertThat(TestingWriter.to(database, "target")
                        .preSql("DROP TABLE target; CREATE TABLE target (other integer)")
                        .check(Numbers.SCHEMA)
                        .errors())
                .singleElement()
                .asString()
                .contains("COLUMN_COUNT");
        assertThat(TestingWriter.to(database, "fresh")
                        .preSql("DROP TABLE IF EXISTS fresh; CREATE TABLE fresh (id integer, name text)")
                        .check(Numbers.SCHEMA)
                        .errors())
                .isEmpty();
    }

    @Test
    void aColumnThatPreSqlAddsIsWritten() throws SQLException {
        database.execute("CREATE TABLE narrow (id integer)");
        TestingWriter writer = TestingWriter.to(database, "narrow").preSql("ALTER TABLE narrow ADD name text");
        writer.write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS);
        assertThat(database.queryForString("SELECT count(name) FROM narrow")).isEqualTo("10");
        assertThat(writer.check(Numbers.SCHEMA).errors())
                .singleElement()
                .asString()
                .contains("preSql[0]", "already exists");
    }

    @Test
    void whatCannotBeTriedIsSaid() throws SQLException {
        TestingWriter alter = TestingWriter.to(database, "target").preSql("ALTER TABLE target ADD more text");
        try (Connection reading = database.connect()) {
            reading.setAutoCommit(false);
            reading.createStatement().execute("LOCK TABLE target IN ACCESS SHARE MODE");
            CollectedChecks checks = alter.check(Numbers.SCHEMA);
            assertThat(checks.errors()).isEmpty();
            assertThat(checks.warnings())
                    .singleElement()
                    .asString()
                    .contains("preSql[0]", "was not tried", "checked without it");
        }
        assertThat(TestingWriter.to(database, "target")
                        .preSql(
                                "SET statement_timeout = 0",
                                "SET session_replication_role = replica",
                                "SET search_path = pg_catalog",
                                "CREATE TYPE public.mood AS ENUM ('a')",
                                "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
                                "SET ROLE pg_monitor")
                        .check(Numbers.SCHEMA)
                        .errors())
                .isEmpty();
        CollectedChecks checks = TestingWriter.to(database, "target")
                .preSql("DO $$ BEGIN ALTER TABLE target ADD more text; END $$", "ALTER TABLE target DROP more")
                .check(Numbers.SCHEMA);
        assertThat(checks.errors()).isEmpty();
        assertThat(checks.warnings())
                .singleElement()
                .asString()
                .contains("preSql[1]", "without the statements before it");
    }

    @Test
    void aCheckLeavesNothingOfWhatSessionStatementsWrite() throws SQLException {
        TestingWriter writer = TestingWriter.to(database, "target")
                .session("SET work_mem = '5555kB'", "INSERT INTO log (what) VALUES (current_setting('work_mem'))");
        assertThat(writer.check(Numbers.SCHEMA).errors()).isEmpty();
        assertThat(database.queryForString("SELECT count(*) FROM log")).isEqualTo("0");
        writer.write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS);
        assertThat(database.queryForList("SELECT DISTINCT what FROM log")).containsExactly("5555kB");
    }

    @Test
    void aTransactionThatIsLeftOpenEndsTheJob() throws SQLException {
        database.execute("INSERT INTO target VALUES (1, 'old')");
        for (String[] preSql :
                new String[][] {{"SELECT 1", "BEGIN; DELETE FROM target"}, {"SELECT 1", "BEGIN", "DELETE FROM target"}
                }) {
            assertThatThrownBy(() -> TestingWriter.to(database, "target")
                            .preSql(preSql)
                            .write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS))
                    .isInstanceOfSatisfying(
                            TransvaseException.class, e -> assertThat(e.code()).isEqualTo("TRANSACTION_LEFT_OPEN"))
                    .hasMessageContaining("preSql[1]");
            assertThat(database.query("SELECT * FROM target")).containsExactly(List.of("1", "old"));
        }
        TestingWriter.to(database, "target")
                .preSql("BEGIN", "DELETE FROM target", "COMMIT")
                .write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS);
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("10");
        assertThatThrownBy(() -> TestingWriter.to(database, "target")
                        .postSql("START TRANSACTION; DELETE FROM target")
                        .write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS))
                .hasMessageContaining("postSql[0]");
        assertThat(database.queryForString("SELECT count(*) FROM target")).isEqualTo("20");
    }

    @Test
    void aCheckWritesNothingByWayOfSessionStatements() throws SQLException {
        database.execute("INSERT INTO target VALUES (1, 'old')");
        for (String session : List.of("COMMIT; DELETE FROM target", "DELETE FROM target; COMMIT", "BEGIN")) {
            assertThatThrownBy(() -> TestingWriter.to(database, "target")
                            .session("SET work_mem = '1MB'", session)
                            .check(Numbers.SCHEMA))
                    .as(session)
                    .hasMessageContaining("session[1]");
        }
        CollectedChecks checks = TestingWriter.to(database, "target")
                .session("DELETE FROM target")
                .check(Numbers.SCHEMA);
        assertThat(checks.errors()).isEmpty();
        assertThat(checks.warnings()).singleElement().asString().contains("session[0]", "was not tried", "writes");
        assertThat(TestingWriter.to(database, "target")
                        .session(
                                "DO $$ BEGIN PERFORM set_config('app.user', 'etl; commit', false); END $$",
                                "CREATE TEMP TABLE context (k text)",
                                "INSERT INTO context VALUES ('user')")
                        .check(Numbers.SCHEMA)
                        .errors())
                .isEmpty();
        assertThat(TestingWriter.to(database, "target")
                        .session("SELECT set_config('session_replication_role', 'replica', false)")
                        .preSql("CREATE TABLE soon (id int)")
                        .check(Numbers.SCHEMA)
                        .errors())
                .isEmpty();
        assertThat(database.query("SELECT * FROM target")).containsExactly(List.of("1", "old"));
    }

    @Test
    void sessionStatementsReachEachConnection() throws SQLException {
        database.execute("ALTER TABLE target ADD path text DEFAULT current_setting('work_mem')");
        TestingWriter.to(database, "target")
                .columns("id", "name")
                .session("SET work_mem = '5555kB'")
                .preSql("INSERT INTO target VALUES (99)")
                .write(new CollectedJournal(0), Numbers.SCHEMA, RECORDS);
        assertThat(database.query("SELECT path, count(*) FROM target GROUP BY path"))
                .containsExactly(List.of("5555kB", "11"));
    }
}
