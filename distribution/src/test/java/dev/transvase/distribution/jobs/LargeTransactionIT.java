package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution;
import dev.transvase.distribution.TestingDistribution.Ended;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A transaction that is larger than the heap passes: kept on the disk where the server sends it early, else piece by piece. */
class LargeTransactionIT {

    private static final int ROWS = 300_000;
    private static final int STREAMING_FROM = 14;

    @TempDir
    private Path folder;

    static List<Integer> majors() {
        return List.of(
                TestingPostgres.oldest().major(), TestingPostgres.newest().major());
    }

    @ParameterizedTest
    @MethodSource("majors")
    void passesASmallHeap(int major) throws Exception {
        String table = "CREATE TABLE t (id int PRIMARY KEY, v text)";
        try (TestingDatabase source = TestingPostgres.major(major).createDatabase();
                TestingDatabase target = TestingPostgres.newest().createDatabase()) {
            source.execute(table, "ALTER TABLE t REPLICA IDENTITY FULL");
            target.execute(table);
            TestingJobs jobs =
                    new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
            String job = TestingJobs.job(
                    "postgresql-cdc",
                    "{\"datasource\": \"source\", \"solutionId\": \"" + source.name() + "\", \"table\": \"t\"}",
                    "postgresql",
                    "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \"copy\"}",
                    "{}");
            assertThat(jobs.runUntilCurrent(job).errorMessage()).isEmpty();
            try (Connection connection = source.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute(
                        "INSERT INTO t SELECT i, repeat(md5(i::text), 10) FROM generate_series(1, " + ROWS + ") i");
                statement.execute("UPDATE t SET v = 'changed' WHERE id % 10 = 0");
                statement.execute("DELETE FROM t WHERE id % 10 = 1");
                connection.commit();
            }
            TestingDistribution transvase = TestingDistribution.unpack(folder.resolve("unpacked"));
            Ended ended = new TestingRunner(transvase, folder, List.of(), "-Xmx64m").runUntilCurrent();
            assertThat(ended.code()).as(ended.err()).isZero();
            if (major >= STREAMING_FROM) {
                assertThat(source.queryForString("SELECT stream_txns > 0 FROM pg_stat_replication_slots"
                                + " WHERE slot_name = 'di_slot_" + source.name() + "'"))
                        .isEqualTo("t");
            }
            String rows = "SELECT count(*), sum(hashtext(t::text)::bigint) FROM t";
            assertThat(target.query(rows)).isEqualTo(source.query(rows));
        }
    }
}
