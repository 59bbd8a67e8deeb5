package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.transvase.distribution.TestingDistribution;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs with bad rows are killed where they happen to be: each row that a commit has passed over is in the dirty records file. */
class KilledDirtyIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int ROWS = 60_000;

    /** Every so manieth row is bad. */
    private static final int BAD = 501;

    private static final int KILLS = Integer.getInteger("transvase.test.kills", 2);

    private static final String OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ";

    private static final String SESSIONS = "SELECT count(*) FROM pg_stat_activity"
            + " WHERE application_name LIKE 'transvase %' AND datname = current_database()";

    @TempDir
    private Path folder;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private TestingDatabase source;
    private TestingDatabase target;
    private TestingJobs jobs;
    private TestingRunner runner;

    @BeforeEach
    void create() throws SQLException {
        source = TestingPostgres.newest().createDatabase();
        target = TestingPostgres.newest().createDatabase();
        jobs = new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
        source.execute("CREATE TABLE t (id int PRIMARY KEY, n int, note text)", "ALTER TABLE t REPLICA IDENTITY FULL");
        target.execute("CREATE TABLE t (id int PRIMARY KEY, n int CHECK (n > 0), note text)");
    }

    @AfterEach
    void drop() {
        source.close();
        target.close();
    }

    private void prepare(String job) throws Exception {
        TestingDistribution transvase = TestingDistribution.unpack(folder.resolve("unpacked"));
        jobs.write(job);
        runner = new TestingRunner(transvase, folder, List.of(), OPTIONS);
    }

    private static String insert(int from, int to) {
        return "INSERT INTO t SELECT i, CASE WHEN i % " + BAD
                + " = 0 THEN -1 ELSE 1 END, repeat('n', 500) FROM generate_series("
                + from
                + ", " + to + ") i";
    }

    /** The identifiers of the records that are kept; of a line that was cut off, none. */
    private static Set<Integer> dirty(Path file) throws IOException {
        Set<Integer> found = new HashSet<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                try {
                    JsonNode record = JSON.readTree(line);
                    found.add(record.at("/values/id").asInt());
                } catch (JsonProcessingException e) {
                    break; // the last one, written in the moment of the kill
                }
            }
        }
        return found;
    }

    private static Set<Integer> bad(int upTo) {
        Set<Integer> bad = new TreeSet<>();
        for (int id = BAD; id <= upTo; id += BAD) {
            bad.add(id);
        }
        return bad;
    }

    private void awaitEnd() throws SQLException {
        while (!target.queryForString(SESSIONS).equals("0")) {
            target.execute("SELECT pg_sleep(0.02)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy", "insert"})
    void aBatchJob(String mode) throws Exception {
        source.execute(insert(1, ROWS));
        prepare(TestingJobs.postgresJob(
                "{\"datasource\": \"source\", \"querySql\": \"SELECT * FROM t ORDER BY id\"}",
                "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"], \"writeMode\": \"" + mode + "\"}",
                // The copy takes a while, and many commits.
                "{\"errorLimit\": {\"record\": 1000},"
                        + " \"speed\": {\"concurrent\": 1, \"throttle\": true, \"record\": 30000}}"));
        int amid = 0;
        for (int i = 0; i < KILLS; i++) {
            target.execute("TRUNCATE t");
            Path dirty = folder.resolve("dirty-" + i + ".jsonl");
            Process process = runner.start("--dirty", dirty.toString());
            int rows = random.nextInt(1, ROWS / 2);
            while (process.isAlive() && Integer.parseInt(target.queryForString("SELECT count(*) FROM t")) < rows) {
                target.execute("SELECT pg_sleep(0.002)");
            }
            process.destroyForcibly().waitFor();
            awaitEnd();
            int last = Integer.parseInt(target.queryForString("SELECT coalesce(max(id), 0) FROM t"));
            amid += last < ROWS ? 1 : 0;
            assertThat(dirty(dirty)).as("seed %s, up to %s", seed, last).containsAll(bad(last));
            assertThat(target.queryForString("SELECT count(*) FROM t"))
                    .isEqualTo(String.valueOf(last - bad(last).size()));
        }
        assertThat(amid).as("seed %s", seed).isPositive();
    }

    @Test
    void aChangeStream() throws Exception {
        String job = TestingJobs.job(
                "postgresql-cdc",
                "{\"datasource\": \"source\", \"solutionId\": \"" + source.name() + "\", \"table\": [\"t\"]}",
                "postgresql",
                "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \"copy\"}",
                "{\"errorLimit\": {\"record\": 100000}}");
        prepare(job);
        Set<Integer> told = new HashSet<>();
        int last = 0;
        for (int i = 0; i < KILLS; i++) {
            Path dirty = folder.resolve("dirty-" + i + ".jsonl");
            Process process = runner.start("--dirty", dirty.toString());
            String rows = target.queryForString("SELECT count(*) FROM t");
            do {
                source.execute(insert(last + 1, last + 600));
                last += 600;
                target.execute("SELECT pg_sleep(0.2)");
            } while (process.isAlive()
                    && target.queryForString("SELECT count(*) FROM t").equals(rows));
            process.waitFor(random.nextInt(300), TimeUnit.MILLISECONDS);
            assertThat(process.isAlive()).as(runner.output()).isTrue();
            process.destroyForcibly().waitFor();
            awaitEnd();
            told.addAll(dirty(dirty));
        }
        assertThat(jobs.runUntilCurrent(job).errorMessage()).isEmpty();
        told.addAll(dirty(folder.resolve("dirty.jsonl")));
        assertThat(told).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(bad(last));
        assertThat(target.queryForString("SELECT count(*) FROM t"))
                .isEqualTo(String.valueOf(last - bad(last).size()));
    }
}
