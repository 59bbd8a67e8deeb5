package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.distribution.TestingDistribution;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that follows a bank at work is killed as nobody can prepare for, wherever it happens to be, and started again each
 * time; {@code transvase.test.killedRuns} says how often. Nobody lends a hand, nothing is lost, and nothing comes twice.
 */
class KilledRunsIT {

    private static final int IN_SNAPSHOT = 4;
    private static final int IN_ALL = Integer.getInteger("transvase.test.killedRuns", 36);

    /** Kills in the midst of a commit that goes on at the server until the next run is well under way. */
    private static final int LONG_COMMITS = 2;

    private static final int ROWS = 100_000;

    /** Between two looks at what a run does: little beside what it takes, and not all of a processor. */
    private static final String GLANCE = "SELECT pg_sleep(0.005)";

    private static final String APPLYING =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'transvase %'"
                    + " AND datname = current_database() AND pid <> pg_backend_pid() AND ";

    /** When a run is killed. */
    private enum Moment {
        /** After a time by chance, none longer than it takes to come to the stream: the JVM's start, plan, locks, slot. */
        STARTING,
        /** While the rows that are there are copied. */
        COPYING,
        /** After a time by chance from when changes are applied. */
        STREAMING,
        /** While a transaction is open at the target. */
        APPLYING,
        /** While the target commits. */
        COMMITTING
    }

    @TempDir
    private Path folder;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Map<Moment, Integer> killed = new EnumMap<>(Moment.class);

    private TestingDatabase source;
    private TestingDatabase target;
    private TestingBank bank;
    private TestingJobs jobs;
    private TestingRunner runner;

    /** Watches the target. */
    private Connection watching;

    private Statement watch;

    /** How long the last run took from its start to its first change. */
    private long startMillis = 1000;

    private int applied;

    /** Whether there is the table of positions at the target. */
    private boolean positionKept;

    /** Kills in the midst of the copy. */
    private int copying;

    @BeforeEach
    void create() throws Exception {
        source = TestingPostgres.newest().createDatabase();
        target = TestingPostgres.oldest().createDatabase();
        bank = TestingBank.open(source, target, seed);
        source.execute(
                "CREATE TABLE past (id int PRIMARY KEY, note text)",
                "ALTER TABLE past REPLICA IDENTITY FULL",
                "INSERT INTO past SELECT i, 'note ' || i FROM generate_series(1, " + ROWS + ") i");
        target.execute("CREATE TABLE past (id int PRIMARY KEY, note text)");
        jobs = new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
        watching = target.connect();
        watch = watching.createStatement();
        TestingDistribution transvase = TestingDistribution.unpack(folder.resolve("unpacked"));
        // Many starts: each is to cost little, and the classes that it loads are the same.
        String classes = folder.resolve("classes.jsa").toString();
        String cheap = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ";
        jobs.write(job());
        assertThat(new TestingRunner(transvase, folder, List.of(), cheap + "-XX:ArchiveClassesAtExit=" + classes)
                        .check()
                        .code())
                .isZero();
        runner = new TestingRunner(transvase, folder, List.of(), cheap + "-XX:SharedArchiveFile=" + classes);
    }

    @AfterEach
    void drop() throws SQLException {
        watching.close();
        source.close();
        target.close();
    }

    private String job() {
        return TestingJobs.job(
                "postgresql-cdc",
                "{\"datasource\": \"source\", \"solutionId\": \"" + source.name()
                        + "\", \"table\": [\"account\", \"audit\", \"past\"], \"heartbeatSeconds\": 1}",
                "postgresql",
                "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \"copy\"}",
                // The copy takes a while; no stream of this bank is as fast.
                "{\"speed\": {\"concurrent\": 2, \"throttle\": true, \"record\": 60000}}");
    }

    @Test
    void howeverOftenItIsKilledItLosesAndRepeatsNothing() throws Exception {
        try (TestingBank working = bank) {
            working.work();
            for (int i = 0; i < IN_SNAPSHOT; i++) {
                kill(i == 0 ? Moment.STARTING : Moment.COPYING);
            }
            assertThat(copying).as("seed %s", seed).isGreaterThanOrEqualTo(IN_SNAPSHOT / 2);
            settle();
            for (int i = IN_SNAPSHOT + 1; i < IN_ALL; i++) {
                boolean longCommit = i > IN_ALL - 1 - LONG_COMMITS;
                pause(longCommit ? 2000 : 4);
                kill(longCommit ? Moment.COMMITTING : moment());
            }
            pause(0);
        }
        String told = "seed " + seed + ": " + killed + ", " + applied + " had applied changes";
        System.out.println(told);
        assertThat(killed.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(IN_ALL);
        assertThat(applied).as(told).isGreaterThanOrEqualTo(IN_ALL / 3);
        assertThat(jobs.runUntilCurrent(job()).errorMessage()).as(told).isEmpty();
        bank.assertSame();
        assertThat(target.query("SELECT count(*), sum(hashtext(note)) FROM past"))
                .isEqualTo(source.query("SELECT count(*), sum(hashtext(note)) FROM past"));
    }

    private Moment moment() {
        int chance = random.nextInt(10);
        return chance < 4
                ? Moment.STARTING
                : chance < 6 ? Moment.STREAMING : chance < 8 ? Moment.APPLYING : Moment.COMMITTING;
    }

    /** The first run that comes through the copy is killed in the stream. From then on commits take their time. */
    private void settle() throws Exception {
        kill(Moment.STREAMING);
        target.execute(
                "CREATE TABLE pause (millis int)",
                "INSERT INTO pause VALUES (0)",
                "CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " PERFORM pg_sleep(millis * (0.5 + random() / 2) / 1000) FROM pause; RETURN NULL; END $$",
                "CREATE CONSTRAINT TRIGGER pause AFTER UPDATE ON transvase_position DEFERRABLE INITIALLY DEFERRED"
                        + " FOR EACH ROW EXECUTE PROCEDURE pause()");
    }

    private void pause(int millis) throws SQLException {
        target.execute("UPDATE pause SET millis = " + millis);
    }

    private void kill(Moment moment) throws Exception {
        String stored = position();
        long start = System.nanoTime();
        Process process = runner.start();
        switch (moment) {
            case STARTING -> chance(process, startMillis);
            case COPYING -> awaitCopied(process);
            default -> {
                awaitApplied(process, stored);
                startMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                within(process, moment);
            }
        }
        process.destroyForcibly().waitFor();
        killed.merge(moment, 1, Integer::sum);
        boolean streaming = !position().isEmpty();
        applied += streaming && !position().equals(stored) ? 1 : 0;
        copying += moment == Moment.COPYING && !streaming ? 1 : 0;
    }

    /** Until some rows have been copied, after those of the run before were removed. */
    private void awaitCopied(Process process) throws Exception {
        boolean empty = value("SELECT pg_relation_size('past')") == 0;
        long before = empty ? 0 : value("SELECT pg_relation_filenode('past')");
        String copied = "SELECT (pg_relation_size('past') > " + random.nextInt(100_000, 3_000_000)
                + " AND pg_relation_filenode('past') <> " + before + ")::int";
        while (value(copied) == 0 && position().isEmpty()) {
            glance(process);
        }
    }

    private void within(Process process, Moment moment) throws Exception {
        switch (moment) {
            case APPLYING -> await(process, APPLYING + "xact_start IS NOT NULL AND query NOT LIKE 'COMMIT%'");
            case COMMITTING -> await(process, APPLYING + "state = 'active' AND query = 'COMMIT'");
            default -> chance(process, 100);
        }
    }

    /** Lets a time by chance go by. */
    private void chance(Process process, long mostMillis) throws Exception {
        assertThat(process.waitFor(random.nextLong(1 + mostMillis), TimeUnit.MILLISECONDS))
                .as("ended by itself; seed %s", seed)
                .isFalse();
    }

    private void awaitApplied(Process process, String stored) throws Exception {
        while (position().equals(stored) || position().isEmpty()) {
            glance(process);
        }
    }

    private void await(Process process, String condition) throws Exception {
        while (value(condition) == 0) {
            glance(process);
        }
    }

    private void glance(Process process) throws SQLException, IOException {
        if (!process.isAlive()) {
            throw new AssertionError("ended by itself; seed " + seed + "; it said: " + runner.output());
        }
        watch.execute(GLANCE);
    }

    /** The stream's position that is stored at the target; empty before there is one. */
    private String position() throws SQLException {
        positionKept = positionKept || value("SELECT (to_regclass('transvase_position') IS NOT NULL)::int") == 1;
        if (!positionKept) {
            return "";
        }
        try (ResultSet row = watch.executeQuery("SELECT coalesce(max(description), '') FROM transvase_position")) {
            row.next();
            return row.getString(1);
        }
    }

    private long value(String sql) throws SQLException {
        try (ResultSet row = watch.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
