package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables with columns that the server fills, copied with "*" on both sides, in each mode and then once more. */
class UpsertJobIT {

    private static final String TABLE = "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, net numeric,"
            + " gross numeric GENERATED ALWAYS AS (net * 2) STORED, tax numeric GENERATED ALWAYS AS (net + 1) VIRTUAL,"
            + " k serial)";

    @TempDir
    private Path folder;

    @Test
    void copiesTablesWithColumnsThatTheServerFills() throws Exception {
        try (TestingDatabase source = TestingPostgres.newest().createDatabase();
                TestingDatabase target = TestingPostgres.newest().createDatabase()) {
            source.execute(TABLE, "INSERT INTO t (net) SELECT i FROM generate_series(1, 300) i");
            target.execute(TABLE);
            TestingJobs jobs =
                    new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
            for (String mode : List.of("insert", "copy", "upsert")) {
                target.execute("TRUNCATE t");
                TestingJobs.Ended ended = run(jobs, mode, 0);
                assertThat(ended.errorMessage()).isEmpty();
                assertThat(ended.report().written().records()).isEqualTo(300);
                assertThat(rows(target)).isEqualTo(rows(source));
            }
            // Keys that are there are dirty records by default; only an upsert updates.
            source.execute("UPDATE t SET net = -net", "INSERT INTO t (net) VALUES (3000)");
            TestingJobs.Ended again = run(jobs, "insert", 300);
            assertThat(again.report().dirty()).isEqualTo(300);
            target.execute("DELETE FROM t WHERE net = 3000");
            TestingJobs.Ended upsert = run(jobs, "upsert", 0);
            assertThat(upsert.errorMessage()).isEmpty();
            assertThat(upsert.report().written().records()).isEqualTo(301);
            assertThat(rows(target)).isEqualTo(rows(source));
        }
    }

    private static List<List<String>> rows(TestingDatabase database) throws Exception {
        return database.query("SELECT * FROM t ORDER BY id");
    }

    private static TestingJobs.Ended run(TestingJobs jobs, String mode, int tolerated) {
        return jobs.run(TestingJobs.postgresJob(
                "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"], \"splitPk\": \"id\"}",
                "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"], \"writeMode\": \"" + mode + "\"}",
                "{\"speed\": {\"concurrent\": 2}, \"errorLimit\": {\"record\": " + tolerated + "}}"));
    }
}
