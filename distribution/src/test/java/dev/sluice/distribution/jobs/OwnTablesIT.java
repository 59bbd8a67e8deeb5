package dev.sluice.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.TestingDatabase;
import dev.sluice.testing.TestingPostgres;
import java.nio.file.Path;
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
