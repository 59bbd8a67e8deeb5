package dev.sluice.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.parameter.Problems;
import dev.sluice.core.report.JobReport.Status;
import dev.sluice.distribution.TestingDistribution;
import dev.sluice.testing.TestingDatabase;
import dev.sluice.testing.TestingPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes from one server to another, from end to end: nothing is lost and nothing comes twice. */
class ChangeStreamIT {

    private static final int KILLS = 8;

    private static final String TABLES = """
            CREATE TABLE account (id int PRIMARY KEY, balance numeric(12,2) NOT NULL, note text, changed timestamptz);
            CREATE TABLE audit (what text, id int, amount numeric(12,2))
            """;

    @TempDir
    private Path folder;

    private TestingDatabase source;
    private TestingDatabase target;
    private TestingJobs jobs;

    @BeforeEach
    void create() throws Exception {
        source = TestingPostgres.newest().createDatabase();
        target = TestingPostgres.oldest().createDatabase();
        source.execute(
                TABLES,
                "ALTER TABLE account REPLICA IDENTITY FULL",
                "ALTER TABLE audit REPLICA IDENTITY FULL",
                "INSERT INTO account SELECT i, 100, 'n' || i, now() FROM generate_series(1, 2000) i",
                "INSERT INTO audit SELECT 'opened', id, balance FROM account");
        target.execute(TABLES);
        jobs = new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
    }

    @AfterEach
    void drop() {
        source.close();
        target.close();
    }

    private String job() {
        return TestingJobs.job(
                "postgresql-cdc",
                "{\"datasource\": \"source\", \"solutionId\": \"" + source.name()
                        + "\", \"table\": [\"account\", \"audit\"]}",
                "postgresql",
                "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \"copy\"}",
                "{\"speed\": {\"concurrent\": 2}}");
    }

    private void assertSame() throws SQLException {
        for (String table : List.of("account", "audit")) {
            String rows = "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM "
                    + table + " t";
            assertThat(target.queryForString(rows)).as(table).isEqualTo(source.queryForString(rows));
        }
    }

    /** One transaction of a bank: money moves, accounts come, go and change their numbers, and all of it is noted. */
    private static void transact(Statement statement, Random random, int next) throws SQLException {
        int from = 1 + random.nextInt(2000);
        int to = 1 + random.nextInt(2000);
        statement.execute("BEGIN;"
                + "UPDATE account SET balance = balance - 1, changed = clock_timestamp() WHERE id = " + from + ";"
                + "UPDATE account SET balance = balance + 1 WHERE id = " + to + ";"
                + "INSERT INTO audit VALUES ('moved', " + from + ", 1);"
                + "INSERT INTO account VALUES (" + next + ", 0, NULL, NULL);"
                + "UPDATE account SET id = " + (next + 1_000_000) + " WHERE id = " + (next - 50) + ";"
                + "DELETE FROM account WHERE id = " + (next + 1_000_000 - 100) + ";"
                + "COMMIT");
    }

    @Test
    void theSnapshotAndAllChangesSinceAreAtTheTarget() throws Exception { // S1, S40, S50
        assertThat(jobs.runUntilCurrent(job()).errorMessage()).isEmpty();
        assertSame();
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            Random random = new Random(1);
            for (int i = 0; i < 300; i++) {
                transact(statement, random, 3000 + i);
            }
        }
        TestingJobs.Ended ended = jobs.runUntilCurrent(job());
        assertThat(ended.errorMessage()).isEmpty();
        assertThat(ended.report().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(ended.report().position()).isPresent();
        assertThat(ended.report().read().records())
                .isEqualTo(ended.report().written().records())
                .isGreaterThan(1200);
        assertSame();
    }

    @Test
    void anAddedColumnIsAddedAtTheTarget() throws Exception { // S13
        jobs.runUntilCurrent(job());
        source.execute(
                "ALTER TABLE account ADD COLUMN currency char(3)",
                "ALTER TABLE account ADD COLUMN rate numeric(8,3) NOT NULL DEFAULT 1.5,"
                        + " ADD COLUMN tags text[] DEFAULT ARRAY['it''s', NULL, '{a,\"b\"}']",
                "INSERT INTO account VALUES (5000, 1, 'new', NULL, 'EUR', 2, NULL)");
        assertThat(jobs.runUntilCurrent(job()).errorMessage()).isEmpty();
        assertThat(target.queryForString("SELECT currency FROM account WHERE id = 5000"))
                .isEqualTo("EUR");
        assertSame();
    }

    @Test
    void killedAgainAndAgainItLosesAndRepeatsNothing() throws Exception {
        TestingDistribution sluice = TestingDistribution.unpack(folder.resolve("unpacked"));
        jobs.plan(job(), Map.of(), new Problems()).close();
        AtomicBoolean stop = new AtomicBoolean();
        Thread bank = new Thread(() -> work(stop));
        bank.start();
        Random random = new Random(7);
        try {
            for (int i = 0; i < KILLS; i++) {
                Process process = start(sluice);
                // From within its start to well into the stream; the first ones hit the snapshot.
                if (process.waitFor(900 + random.nextInt(2500), TimeUnit.MILLISECONDS)) {
                    assertThat(Files.readString(folder.resolve("out.txt")))
                            .as("ended by itself")
                            .isEmpty();
                }
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } finally {
            stop.set(true);
            bank.join();
        }
        awaitFreeSlot();
        assertThat(jobs.runUntilCurrent(job()).errorMessage()).isEmpty();
        assertSame();
    }

    private Process start(TestingDistribution sluice) throws IOException {
        return sluice.command(
                        "run",
                        folder.resolve("job.json"),
                        "--datasources",
                        folder.resolve("datasources.json"),
                        "--progress",
                        "none")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out.txt").toFile())
                .start();
    }

    private void work(AtomicBoolean stop) {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            Random random = new Random(3);
            for (int i = 0; !stop.get(); i++) {
                transact(statement, random, 10_000 + i);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitFreeSlot() throws SQLException {
        while (!source.queryForString(
                        "SELECT count(*) FROM pg_replication_slots WHERE active AND database =" + " current_database()")
                .equals("0")) {
            source.execute("SELECT pg_sleep(0.05)");
        }
    }

    @Test
    void toldToEndItFinishesAndEndsWell() throws Exception { // S43
        TestingDistribution sluice = TestingDistribution.unpack(folder.resolve("unpacked"));
        jobs.plan(job(), Map.of(), new Problems()).close();
        Process process = start(sluice);
        while (!target.queryForString("SELECT count(*) FROM audit").equals("2000")
                || target.queryForString("SELECT to_regclass('sluice_position')") == null
                || target.queryForList("SELECT description FROM sluice_position WHERE description <> ''")
                        .isEmpty()) {
            assertThat(process.isAlive())
                    .as(Files.readString(folder.resolve("out.txt")))
                    .isTrue();
            target.execute("SELECT pg_sleep(0.05)");
        }
        source.execute("INSERT INTO audit VALUES ('last', 1, 1)");
        while (!target.queryForString("SELECT count(*) FROM audit").equals("2001")) {
            target.execute("SELECT pg_sleep(0.01)");
        }
        process.destroy();
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("out.txt")))
                .isZero();
        assertThat(Files.readString(folder.resolve("out.txt"))).contains("durable at the target up to");
        assertSame();
        assertThat(sluice.run(
                                "cdc",
                                "drop",
                                folder.resolve("job.json"),
                                "--datasources",
                                folder.resolve("datasources.json"))
                        .code())
                .isZero();
        assertThat(source.queryForList("SELECT pubname FROM pg_publication")).isEmpty();
        assertThat(target.queryForString("SELECT count(*) FROM sluice_position"))
                .isEqualTo("0");
    }
}
