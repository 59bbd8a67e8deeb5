package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The error limit of a whole job, whatever its channels. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorLimitIT {

    private static final int ROWS = 20_000;

    /** One in 1000, from 500. */
    private static final int BAD = ROWS / 1000;

    @TempDir
    private Path folder;

    private TestingDatabase source;
    private TestingDatabase target;

    @BeforeAll
    void createDatabases() throws SQLException {
        source = TestingPostgres.newest().createDatabase();
        target = TestingPostgres.oldest().createDatabase();
        source.execute(
                "CREATE TABLE t (id integer PRIMARY KEY, note text)",
                "INSERT INTO t SELECT i, CASE WHEN i % 1000 = 500 THEN 'bad' ELSE 'ok' END FROM generate_series(1, "
                        + ROWS + ") i");
    }

    @AfterAll
    void dropDatabases() {
        source.close();
        target.close();
    }

    private TestingJobs.Ended run(String mode, int channels, String limit) throws SQLException {
        target.execute(
                "DROP TABLE IF EXISTS t",
                "CREATE TABLE t (id integer PRIMARY KEY, note text, CONSTRAINT no_bad CHECK (note <> 'bad'))");
        return new TestingJobs(folder)
                .dataSource("source", source)
                .dataSource("target", target)
                .run(TestingJobs.postgresJob(
                        "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"], \"splitPk\": \"id\"}",
                        "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"], \"writeMode\": \"" + mode
                                + "\"}",
                        "{\"speed\": {\"concurrent\": " + channels + "}, \"errorLimit\": {" + limit + "}}"));
    }

    private void assertStoredIsWritten(TestingJobs.Ended ended) throws SQLException {
        assertThat(target.queryForString("SELECT count(*) FROM t"))
                .isEqualTo(Long.toString(ended.report().written().records()));
        assertThat(ended.dirty()).hasSize((int) ended.report().dirty());
    }

    @ParameterizedTest
    @CsvSource({"insert, 1", "copy, 1", "insert, 2", "copy, 2"})
    void asManyAsTolerated(String mode, int channels) throws SQLException {
        TestingJobs.Ended ended = run(mode, channels, "\"record\": \"" + BAD + "\"");
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.report().dirty()).isEqualTo(BAD);
        assertThat(ended.report().written().records()).isEqualTo(ROWS - BAD);
        assertStoredIsWritten(ended);
        TreeSet<Integer> ids = new TreeSet<>();
        ended.dirty().forEach(dirty -> {
            ids.add(dirty.get("values").get("id").asInt());
            assertThat(dirty.get("values").get("note").asText()).isEqualTo("bad");
            assertThat(dirty.get("table").asText()).isEqualTo("public.t");
            assertThat(dirty.get("sqlState").asText()).isEqualTo("23514");
            assertThat(dirty.get("constraint").asText()).isEqualTo("no_bad");
        });
        assertThat(ids).hasSize(BAD).allMatch(id -> id % 1000 == 500);
    }

    @ParameterizedTest
    @CsvSource({"insert, 1", "copy, 1", "insert, 2", "copy, 2"})
    void oneMoreThanTolerated(String mode, int channels) throws SQLException {
        for (int limit : List.of(0, BAD - 1)) {
            TestingJobs.Ended ended = run(mode, channels, "\"record\": \"" + limit + "\"");
            assertThat(ended.errorCode()).isEqualTo("ERROR_LIMIT_EXCEEDED");
            // Two channels may find one each at the same moment.
            assertThat(ended.report().dirty()).isBetween(limit + 1L, limit + (long) channels);
            assertStoredIsWritten(ended);
        }
    }

    @ParameterizedTest
    @CsvSource({"insert, 0.001, true", "copy, 0.001, true", "insert, 0.0009, false", "copy, 0.0009, false"})
    void aShareOfAllRecords(String mode, String share, boolean tolerated) throws SQLException {
        TestingJobs.Ended ended = run(mode, 2, "\"percentage\": " + share);
        assertThat(ended.succeeded()).isEqualTo(tolerated);
        assertThat(ended.errorCode()).isEqualTo(tolerated ? "" : "ERROR_LIMIT_EXCEEDED");
        // The share is judged at the end, when all good ones are there.
        assertThat(ended.report().dirty()).isEqualTo(BAD);
        assertThat(ended.report().written().records()).isEqualTo(ROWS - BAD);
        assertStoredIsWritten(ended);
    }
}
