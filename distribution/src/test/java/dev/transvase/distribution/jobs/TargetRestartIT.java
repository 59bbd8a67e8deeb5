package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.transvase.core.run.JobRun;
import dev.transvase.embedded.StopMode;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A job whose target's server ends its sessions, restarts or stays away while it runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TargetRestartIT {

    private static final int ROWS = 60_000;
    private static final String LOST = "the connection to the target was lost";

    @TempDir
    private Path folder;

    private TestingDatabase source;
    private SeparatePostgres server;
    private TestingDatabase target;
    private FaultProxy proxy;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.transvase.postgresql.writer");

    @BeforeAll
    void createDatabases() throws Exception {
        source = TestingPostgres.oldest().createDatabase();
        source.execute(
                "CREATE TABLE t (id integer PRIMARY KEY, note text)",
                "INSERT INTO t SELECT i, 'n' || i FROM generate_series(1, " + ROWS + ") i");
        server = SeparatePostgres.start(TestingPostgres.newest().major(), Map.of("synchronous_commit", "on"));
        target = server.server().createDatabase();
        proxy = FaultProxy.to(target.host(), target.port());
    }

    @AfterAll
    void dropDatabases() {
        source.close();
        proxy.close();
        server.close();
    }

    @BeforeEach
    void listen() throws Exception {
        // Without a key: a row that is written twice shows.
        target.execute(
                "DROP TABLE IF EXISTS t, runs",
                "CREATE TABLE t (id integer, note text)",
                "CREATE TABLE runs (what text)");
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(log);
        log.list.clear();
    }

    /** Runs a job of two channels, and this in the midst of their transactions. */
    private TestingJobs.Ended run(String mode, int retrySeconds, Runnable meanwhile) {
        return new TestingJobs(folder)
                .dataSource("source", source)
                .dataSource(
                        "target",
                        target,
                        entry -> entry.put("host", proxy.host()).put("port", proxy.port()))
                .run(
                        TestingJobs.postgresJob(
                                "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"], \"splitPk\": \"id\"}",
                                "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"], \"writeMode\": \""
                                        + mode
                                        + "\", \"preSql\": \"INSERT INTO runs VALUES ('pre')\""
                                        + ", \"postSql\": \"INSERT INTO runs VALUES ('post')\", \"retrySeconds\": "
                                        + retrySeconds + "}",
                                "{\"speed\": {\"concurrent\": 2, \"throttle\": true, \"record\": 20000}}"),
                        Map.of(),
                        job -> new Thread(() -> {
                                    awaitMidst(job);
                                    meanwhile.run();
                                })
                                .start());
    }

    private static void awaitMidst(JobRun job) {
        while (job.progress().readRecords() < ROWS / 3) {
            Thread.onSpinWait();
        }
    }

    private void assertExact(TestingJobs.Ended ended) throws Exception {
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.report().written().records()).isEqualTo(ROWS);
        assertThat(target.query("SELECT count(*), count(DISTINCT id) FROM t"))
                .containsExactly(List.of("" + ROWS, "" + ROWS));
        assertThat(target.queryForList("SELECT what FROM runs")).containsExactly("pre", "post");
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anySatisfy(line -> assertThat(line).contains(LOST).contains("retrying in"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert", "copy"})
    void sessionsThatAreEnded(String mode) throws Exception {
        assertExact(run(mode, 60, () -> {
            try {
                target.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'transvase %' AND datname = current_database()");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"insert", "copy"})
    void aServerThatRestarts(String mode) throws Exception {
        assertExact(run(mode, 60, () -> {
            server.stop(StopMode.FAST);
            server.start();
            proxy.forwardTo(target.host(), target.port());
        }));
    }

    @Test
    void aServerThatStaysAway() throws Exception {
        TestingJobs.Ended ended = run("copy", 1, () -> {
            proxy.refuse();
            proxy.cut();
        });
        proxy.allow();
        assertThat(ended.report().error().orElseThrow().type()).isEqualTo(ErrorType.EXTERNAL);
        assertThat(ended.errorMessage()).contains("writing public.t", "the retry failed: cannot connect");
        assertThat(target.queryForString("SELECT count(*) FROM t"))
                .isEqualTo(Long.toString(ended.report().written().records()));
        assertThat(target.queryForList("SELECT what FROM runs")).containsExactly("pre");
    }
}
