package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.report.JobReport.Status;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The source goes on hearing of a job that cannot take its changes, for longer than it waits for one that is silent, and
 * hears of no change that is not durable at the target.
 */
class KeepAliveIT {

    private static final int ROWS = 1000;
    private static final int ROW_BYTES = 1000;

    @TempDir
    private Path folder;

    private TestingDatabase source;
    private TestingDatabase target;
    private FaultProxy proxy;
    private TestingJobs jobs;

    @BeforeEach
    void create() throws Exception {
        source = TestingPostgres.newest().createDatabase();
        target = TestingPostgres.oldest().createDatabase();
        source.execute(
                "ALTER DATABASE " + source.name() + " SET wal_sender_timeout = '1s'",
                "CREATE TABLE t (id int, v text)",
                "ALTER TABLE t REPLICA IDENTITY FULL",
                "INSERT INTO t VALUES (0, 'first')");
        target.execute("CREATE TABLE t (id int, v text)");
        proxy = FaultProxy.to(target.host(), target.port());
        jobs = new TestingJobs(folder)
                .dataSource("source", source)
                .dataSource(
                        "target",
                        target,
                        entry -> entry.put("host", proxy.host()).put("port", proxy.port()));
    }

    @AfterEach
    void drop() {
        proxy.close();
        source.close();
        target.close();
    }

    private String job(String setting) {
        return TestingJobs.job(
                "postgresql-cdc",
                "{\"datasource\": \"source\", \"solutionId\": \"" + source.name()
                        + "\", \"table\": \"t\", \"heartbeatSeconds\": 1}",
                "postgresql",
                "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \"copy\"}",
                setting);
    }

    private void insert(int transactions) throws SQLException {
        for (int i = 0; i < transactions; i++) {
            source.execute("INSERT INTO t SELECT i, repeat(chr(65 + i % 26), " + ROW_BYTES + ") FROM generate_series("
                    + (1 + i * ROWS) + ", " + (i + 1) * ROWS + ") i");
        }
    }

    private void awaitRows(int rows, TestingJobs.Running running) throws SQLException {
        while (!target.queryForString("SELECT count(*) FROM t").equals(Integer.toString(rows))) {
            running.requireRunning();
            target.execute("SELECT pg_sleep(0.02)");
        }
    }

    private String sender(String what) throws SQLException {
        return source.queryForString("SELECT " + what + " FROM pg_replication_slots s JOIN pg_stat_replication r"
                + " ON r.pid = s.active_pid WHERE s.slot_name = 'di_slot_" + source.name() + "'");
    }

    /** Until the job follows; the server's process that it follows. */
    private String awaitSender(TestingJobs.Running running) throws SQLException {
        String following = "SELECT coalesce(max(active_pid), 0) FROM pg_replication_slots s JOIN pg_stat_replication r"
                + " ON r.pid = s.active_pid AND r.state = 'streaming' WHERE s.slot_name = 'di_slot_" + source.name()
                + "'";
        String process = source.queryForString(following);
        while (process.equals("0")) {
            running.requireRunning();
            source.execute("SELECT pg_sleep(0.02)");
            process = source.queryForString(following);
        }
        return process;
    }

    /** Until the server has heard of the job for three times as long as it would wait for it. */
    private void awaitReplies(TestingJobs.Running running) throws SQLException {
        running.requireRunning();
        String since = sender("clock_timestamp()");
        // There is none at all before the first.
        while (sender("coalesce(reply_time > timestamptz '" + since + "' + interval '3 s', false)")
                .equals("f")) {
            running.requireRunning();
            source.execute("SELECT pg_sleep(0.02)");
        }
    }

    private void assertAllOnce() throws SQLException {
        String rows = "SELECT count(*), count(DISTINCT id), md5(string_agg(v, '' ORDER BY id)) FROM t";
        assertThat(target.query(rows)).isEqualTo(source.query(rows));
    }

    @Test
    void aTargetThatIsAwayForLong() throws Exception {
        try (TestingJobs.Running running = jobs.start(job("{}"))) {
            String process = awaitSender(running);
            awaitRows(1, running);
            proxy.refuse();
            proxy.cut();
            String before = source.queryForString("SELECT pg_current_wal_insert_lsn()");
            int transactions = 40; // far more than is read ahead
            insert(transactions);
            awaitReplies(running);
            assertThat(source.queryForString("SELECT confirmed_flush_lsn <= '" + before + "' FROM pg_replication_slots"
                            + " WHERE slot_name = 'di_slot_" + source.name() + "'"))
                    .isEqualTo("t");
            proxy.allow();
            awaitRows(1 + transactions * ROWS, running);
            assertThat(sender("pid")).isEqualTo(process);
            assertThat(running.stop().report().status()).isEqualTo(Status.STOPPED);
        }
        assertAllOnce();
    }

    /** What is written is held against the time that the job itself tells: a slow machine changes nothing. */
    @ParameterizedTest
    @CsvSource({"record, 4000, 4000", "mbps, 4, " + 4 * 1_048_576 / ROW_BYTES})
    void aJobThatIsThrottled(String limit, int value, double rowsPerSecond) throws Exception {
        int transactions = 15;
        try (TestingJobs.Running running =
                jobs.start(job("{\"speed\": {\"throttle\": true, \"" + limit + "\": " + value + "}}"))) {
            String process = awaitSender(running);
            Duration start = running.run().progress().elapsed();
            insert(transactions);
            awaitRows(1 + transactions * ROWS, running);
            Duration end = running.run().progress().elapsed();
            double creditSeconds = 0.15;
            assertThat(end.minus(start).toMillis() / 1000.0)
                    .isGreaterThan(transactions * ROWS / rowsPerSecond - creditSeconds);
            assertThat(sender("pid")).isEqualTo(process);
            assertThat(running.stop().errorMessage()).isEmpty();
        }
        assertAllOnce();
    }

    /** So the source need not keep its log for it. */
    @Test
    void anIdleDatabaseBesideABusyOne() throws Exception {
        try (TestingDatabase busy = source.server().createDatabase();
                TestingJobs.Running running = jobs.start(job("{}"))) {
            awaitRows(1, running);
            busy.execute("SET synchronous_commit = on", "CREATE TABLE b AS SELECT generate_series(1, 10000) AS id");
            String written = busy.queryForString("SELECT pg_current_wal_lsn()");
            while (source.queryForString("SELECT confirmed_flush_lsn >= '" + written + "' FROM pg_replication_slots"
                            + " WHERE slot_name = 'di_slot_" + source.name() + "'")
                    .equals("f")) {
                running.requireRunning();
                source.execute("SELECT pg_sleep(0.02)");
            }
        }
    }
}
