package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that read and write in one database. */
class OwnTablesIT {

    @TempDir
    private Path folder;

    private TestingDatabase database;
    private TestingJobs jobs;

    @BeforeEach
    void create() throws Exception {
        database = TestingPostgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE one (id int PRIMARY KEY, name text)",
                "CREATE TABLE other (id int, name text)",
                "INSERT INTO one SELECT i, 'n' || i FROM generate_series(1, 10) i",
                "ALTER TABLE one REPLICA IDENTITY FULL");
        jobs = new TestingJobs(folder).dataSource("shop", database).dataSource("again", database);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    /** It would run before the first row is read. */
    @Test
    void preSqlOfTheTableThatIsReadIsRefused() throws Exception {
        for (String writer : new String[] {"shop", "again"}) {
            TestingJobs.Ended ended = jobs.run(job(writer, "one", "\"preSql\": [\"TRUNCATE @table\"]"));
            assertThat(ended.errors()).singleElement().satisfies(e -> {
                assertThat(e.code()).isEqualTo("SOURCE_IS_TARGET");
                assertThat(e.path()).endsWith("steps[1].parameter.preSql");
                assertThat(e.message()).contains("public.one");
            });
        }
        assertThat(database.queryForString("SELECT count(*) FROM one")).isEqualTo("10");
    }

    /** Another user's data source, and partitions and children, do not hide it. */
    @Test
    void aPartOfWhatIsReadIsTheSameTable() throws Exception {
        database.execute(
                "CREATE TABLE sales (id int, name text) PARTITION BY RANGE (id)",
                "CREATE TABLE sales_1 PARTITION OF sales FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE person (id int, name text)",
                "CREATE TABLE emp () INHERITS (person)",
                "INSERT INTO sales VALUES (1, 'a')",
                "INSERT INTO emp VALUES (2, 'b')");
        TestingLogin login = database.createLogin();
        for (String table : List.of("sales", "sales_1", "person", "emp", "one")) {
            database.execute("GRANT ALL ON " + table + " TO " + login.user());
        }
        jobs.dataSource(
                "users", database, entry -> entry.put("username", login.user()).put("password", login.password()));
        for (List<String> pair : List.of(
                List.of("one", "one"),
                List.of("sales", "sales_1"),
                List.of("sales_1", "sales"),
                List.of("person", "emp"))) {
            TestingJobs.Ended ended = jobs.run(TestingJobs.postgresJob(
                    "{\"datasource\": \"users\", \"table\": \"" + pair.get(0) + "\", \"column\": [\"*\"]}",
                    "{\"datasource\": \"shop\", \"table\": \"" + pair.get(1)
                            + "\", \"column\": [\"*\"], \"preSql\": [\"TRUNCATE @table\"]}",
                    "{}"));
            assertThat(ended.errors())
                    .as("%s", pair)
                    .singleElement()
                    .satisfies(e -> assertThat(e.code()).isEqualTo("SOURCE_IS_TARGET"));
        }
        assertThat(database.queryForString("SELECT (SELECT count(*) FROM sales) + (SELECT count(*) FROM person)"))
                .isEqualTo("2");
    }

    @Test
    void aQueryThatLooksAtTheTargetIsWarnedOf() throws Exception {
        database.execute("CREATE VIEW seen AS SELECT * FROM other");
        for (String reader : List.of(
                "\"querySql\": \"SELECT o.id, o.name FROM one o WHERE o.id NOT IN (SELECT id FROM other)\"",
                "\"table\": \"seen\", \"column\": [\"*\"]")) {
            TestingJobs.Ended ended = jobs.run(TestingJobs.postgresJob(
                    "{\"datasource\": \"shop\", " + reader + "}",
                    "{\"datasource\": \"again\", \"table\": \"other\", \"column\": [\"*\"],"
                            + " \"preSql\": [\"DELETE FROM other WHERE id > 5\"]}",
                    "{}"));
            assertThat(ended.errorMessage()).as(reader).isEmpty();
            assertThat(ended.warnings()).as(reader).singleElement().asString().contains("uses public.other");
        }
    }

    @Test
    void rowsThatAreAddedToThemselvesGiveAWarning() {
        TestingJobs.Ended ended = jobs.run(job("shop", "one", "\"session\": []"));
        assertThat(ended.errorCode()).isEqualTo("ERROR_LIMIT_EXCEEDED"); // they are there already
        assertThat(ended.warnings()).singleElement().asString().contains("reads and writes public.one");
    }

    @Test
    void anotherTableAndAnUpsertInPlaceGiveNone() throws Exception {
        TestingJobs.Ended copied = jobs.run(job("shop", "other", "\"preSql\": [\"TRUNCATE @table\"]"));
        assertThat(copied.errorMessage()).isEmpty();
        assertThat(copied.warnings()).isEmpty();
        TestingJobs.Ended changed = jobs.run(TestingJobs.postgresJob(
                "{\"datasource\": \"shop\", \"table\": \"one\", \"column\": [\"id\", \"upper(name)\"]}",
                "{\"datasource\": \"shop\", \"table\": \"one\", \"column\": [\"*\"], \"writeMode\": \"upsert\"}",
                "{}"));
        assertThat(changed.errorMessage()).isEmpty();
        assertThat(changed.warnings()).isEmpty();
        assertThat(database.queryForString("SELECT name FROM one WHERE id = 7")).isEqualTo("N7");
    }

    /** What it writes would come back to it. */
    @Test
    void changesOfATableAreNotAppliedToItself() {
        TestingJobs.Ended ended = jobs.run(TestingJobs.job(
                "postgresql-cdc",
                "{\"datasource\": \"shop\", \"solutionId\": \"" + database.name()
                        + "\", \"table\": [\"one\"], \"snapshot\": \"never\"}",
                "postgresql",
                "{\"datasource\": \"shop\", \"column\": [\"*\"]}",
                "{}"));
        assertThat(ended.errors())
                .singleElement()
                .satisfies(e -> assertThat(e.code()).isEqualTo("SOURCE_IS_TARGET"));
    }

    private static String job(String writer, String table, String parameter) {
        return TestingJobs.postgresJob(
                "{\"datasource\": \"shop\", \"table\": \"one\", \"column\": [\"*\"]}",
                "{\"datasource\": \"" + writer + "\", \"table\": \"" + table + "\", \"column\": [\"*\"], " + parameter
                        + "}",
                "{}");
    }
}
