package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.report.JobReport.Status;
import dev.transvase.core.run.JobRun;
import dev.transvase.embedded.StopMode;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The source's server or network, or the target's network, fails while a job runs: it ends as failed outside, its report tells
 * what is committed, and neither a thread nor a session of it is left.
 */
class NetworkFaultsIT {

    private static final int ROWS = 200_000;

    @TempDir
    private Path folder;

    private SeparatePostgres server;
    private TestingDatabase source;
    private TestingDatabase target;
    private FaultProxy proxy;

    @BeforeEach
    void create() throws Exception {
        server = SeparatePostgres.start(TestingPostgres.newest().major(), Map.of());
        source = server.server().createDatabase();
        source.execute(
                "CREATE TABLE t (id integer PRIMARY KEY, note text)",
                "INSERT INTO t SELECT i, repeat('n', 100) FROM generate_series(1, " + ROWS + ") i");
        target = TestingPostgres.oldest().createDatabase();
        target.execute("CREATE TABLE t (id integer, note text)");
    }

    @AfterEach
    void drop() {
        target.close();
        proxy.close();
        server.close();
    }

    /** Runs a job of two channels with a proxy before one of its sides, and this once it has written something. */
    private TestingJobs.Ended run(String proxied, Runnable meanwhile) throws Exception {
        TestingDatabase behind = proxied.equals("source") ? source : target;
        proxy = FaultProxy.to(behind.host(), behind.port());
        TestingJobs jobs = new TestingJobs(folder);
        for (String name : List.of("source", "target")) {
            jobs.dataSource(name, name.equals("source") ? source : target, entry -> {
                if (name.equals(proxied)) {
                    entry.put("host", proxy.host()).put("port", proxy.port());
                    entry.put("silenceTimeout", 1).put("connectTimeout", 2);
                }
            });
        }
        return jobs.run(
                TestingJobs.postgresJob(
                        "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"], \"splitPk\": \"id\"}",
                        "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"], \"writeMode\": \"copy\","
                                + " \"retrySeconds\": 0}",
                        "{\"speed\": {\"concurrent\": 2, \"throttle\": true, \"record\": 40000}}"),
                Map.of(),
                job -> new Thread(() -> {
                            awaitWritten(job);
                            meanwhile.run();
                        })
                        .start());
    }

    private static void awaitWritten(JobRun job) {
        while (job.progress().writtenRecords() == 0) {
            Thread.onSpinWait();
        }
    }

    private void assertFailedOutside(TestingJobs.Ended ended, String table) throws Exception {
        assertThat(ended.report().status()).isEqualTo(Status.FAILED);
        assertThat(ended.report().error().orElseThrow().type()).isEqualTo(ErrorType.EXTERNAL);
        assertThat(ended.errorMessage()).contains(table);
        assertThat(ended.dirty()).isEmpty();
        assertThat(ended.report().written().records()).isBetween(1L, (long) ROWS - 1);
        // The server notices the end of a session in its own time, and rolls back what that has not committed.
        while (!target.queryForString("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'transvase %'"
                        + " AND datname = current_database()")
                .equals("0")) {
            target.execute("SELECT pg_sleep(0.05)");
        }
        long written = ended.report().written().records();
        long there = Long.parseLong(target.queryForString("SELECT count(*) FROM t"));
        if (ended.errorCode().equals("COMMIT_IN_DOUBT")) {
            assertThat(there).isGreaterThanOrEqualTo(written);
        } else {
            assertThat(there).isEqualTo(written);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.matches("(reader|writer)-\\d+"));
    }

    @Test
    void theSourcesNetworkIsCut() throws Exception {
        assertFailedOutside(
                run("source", () -> {
                    proxy.refuse();
                    proxy.cut();
                }),
                "public.t");
    }

    @Test
    void theSourcesServerCrashes() throws Exception {
        assertFailedOutside(run("source", () -> server.stop(StopMode.IMMEDIATE)), "public.t");
    }

    @Test
    void theSourcesServerIsShutDown() throws Exception {
        assertFailedOutside(run("source", () -> server.stop(StopMode.FAST)), "public.t");
    }

    @Test
    void theSourcesNetworkGoesSilent() throws Exception {
        assertFailedOutside(run("source", () -> proxy.stall()), "public.t");
    }

    @Test
    void theTargetsNetworkGoesSilent() throws Exception {
        TestingJobs.Ended ended = run("target", () -> proxy.stall());
        proxy.cut(); // its server has not heard of the end
        proxy.resume();
        assertFailedOutside(ended, "public.t");
    }
}
