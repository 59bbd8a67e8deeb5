package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Foreign keys that the target has, and its source has not. */
class TargetKeysIT {

    @TempDir
    private Path folder;

    @Test
    void tablesOfASnapshotAndNewOnesComeInTheirOrder() throws Exception {
        try (TestingDatabase source = TestingPostgres.newest().createDatabase();
                TestingDatabase target = TestingPostgres.oldest().createDatabase()) {
            for (String table : new String[] {"a", "b", "c", "x", "y"}) {
                source.execute(
                        "CREATE TABLE " + table + " (id int PRIMARY KEY, other int)",
                        "ALTER TABLE " + table + " REPLICA IDENTITY FULL",
                        "INSERT INTO " + table + " SELECT i, 3001 - i FROM generate_series(1, 3000) i");
            }
            source.execute("ALTER TABLE x SET UNLOGGED", "ALTER TABLE y SET UNLOGGED"); // a pattern means neither
            target.execute(
                    "CREATE TABLE c (id int PRIMARY KEY, other int)",
                    "CREATE TABLE b (id int PRIMARY KEY, other int REFERENCES c)",
                    "CREATE TABLE a (id int PRIMARY KEY, other int REFERENCES b)",
                    "CREATE TABLE y (id int PRIMARY KEY, other int REFERENCES a)",
                    "CREATE TABLE x (id int PRIMARY KEY, other int REFERENCES y)");
            TestingJobs jobs =
                    new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
            String job = TestingJobs.job(
                    "postgresql-cdc",
                    "{\"datasource\": \"source\", \"solutionId\": \"" + source.name()
                            + "\", \"table\": \"public.*\", \"newTables\": \"follow\"}",
                    "postgresql",
                    "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \"copy\"}",
                    "{\"speed\": {\"concurrent\": 3}}");
            try {
                assertThat(jobs.runUntilCurrent(job).errorMessage()).isEmpty();
                source.execute("ALTER TABLE x SET LOGGED", "ALTER TABLE y SET LOGGED");
                assertThat(jobs.runUntilCurrent(job).errorMessage()).isEmpty();
                for (String table : new String[] {"a", "b", "c", "x", "y"}) {
                    assertThat(target.queryForString("SELECT count(*) FROM " + table))
                            .as(table)
                            .isEqualTo("3000");
                }
            } finally {
                source.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database ="
                        + " current_database()");
            }
        }
    }
}
