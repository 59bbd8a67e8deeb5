package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.core.report.JobReport.Status;
import dev.transvase.embedded.StopMode;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The source's server or network fails while a bank is at work: a job that follows it notices, goes on by itself, and
 * neither loses nor repeats a change.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SourceFaultsIT {

    private static final String LOST = "the change stream was lost";

    /** What fails. */
    private enum Fault {
        CUT,
        RESET,
        /** Open, and silent both ways. */
        STALL,
        /** The server has lost the connection, the job is not told. */
        HALF_OPEN_HERE,
        /** The job has lost the connection, the server is not told and keeps the slot for it. */
        HALF_OPEN_THERE,
        FAST,
        IMMEDIATE
    }

    @TempDir
    private Path folder;

    private SeparatePostgres server;
    private TestingDatabase source;
    private TestingDatabase target;
    private FaultProxy proxy;
    private TestingBank bank;
    private TestingLog log;

    @BeforeAll
    void startServer() {
        server = SeparatePostgres.start(
                TestingPostgres.newest().major(), Map.of("wal_sender_timeout", "1s", "synchronous_commit", "on"));
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    @BeforeEach
    void create() throws Exception {
        source = server.server().createDatabase();
        target = TestingPostgres.oldest().createDatabase();
        proxy = FaultProxy.to(source.host(), source.port());
        bank = TestingBank.open(source, target, 1);
        log = TestingLog.of("dev.transvase.postgresql.cdc");
    }

    @AfterEach
    void drop() {
        log.close();
        proxy.close();
        source.close();
        target.close();
    }

    private String job() {
        return TestingJobs.job(
                "postgresql-cdc",
                "{\"datasource\": \"source\", \"solutionId\": \"" + source.name()
                        + "\", \"table\": [\"account\", \"audit\"], \"silenceSeconds\": 2, \"heartbeatSeconds\": 1}",
                "postgresql",
                "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \"copy\"}",
                "{}");
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void costsNothing(Fault fault) throws Exception {
        TestingJobs jobs = new TestingJobs(folder)
                .dataSource(
                        "source",
                        source,
                        entry -> entry.put("host", proxy.host()).put("port", proxy.port()))
                .dataSource("target", target);
        try (TestingJobs.Running running = jobs.start(job());
                TestingBank working = bank) {
            working.awaitArrival(running); // perhaps with the snapshot: what comes later comes with the stream
            working.work();
            for (int i = 0; i < 2; i++) {
                working.awaitArrival(running);
                long before = log.count(LOST);
                fail(fault);
                while (log.count(LOST) == before) {
                    running.requireRunning();
                    target.execute("SELECT pg_sleep(0.01)");
                }
                proxy.resume();
                working.awaitArrival(running);
            }
            working.close();
            working.awaitArrival(running);
            TestingJobs.Ended ended = running.stop();
            assertThat(ended.errorMessage()).isEmpty();
            assertThat(ended.report().status()).isEqualTo(Status.STOPPED);
        }
        bank.assertSame();
    }

    private void fail(Fault fault) {
        switch (fault) {
            case CUT -> proxy.cut();
            case RESET -> proxy.reset();
            case STALL -> proxy.stall();
            case HALF_OPEN_HERE -> proxy.forgetServers();
            case HALF_OPEN_THERE -> proxy.forgetClients();
            case FAST -> restart(StopMode.FAST);
            case IMMEDIATE -> restart(StopMode.IMMEDIATE);
        }
    }

    private void restart(StopMode mode) {
        server.stop(mode);
        server.start();
        proxy.forwardTo(source.host(), source.port());
    }
}
