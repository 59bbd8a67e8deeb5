package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.transvase.distribution.TestingDistribution;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jobs that are told to stop wherever they happen to be. Each ends before the runtime gives it up, in a small heap, and the target
 * has exactly what the report says. {@code -Dtransvase.test.signals=125} sends that many to each kind of job and prints how long
 * the ends took and how much memory the processes.
 */
class SignalsIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** For each kind of job. */
    private static final int SIGNALS = Integer.getInteger("transvase.test.signals", 2);

    /** Of a job that is signalled, how often it may have ended before. */
    private static final int MOST_ROUNDS = 50 + 2 * SIGNALS;

    private static final int ROWS = 150_000;
    private static final int TERMINATED = 143;

    private static final String OPTIONS = "-Xmx64m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ";
    private static final Pattern MEMORY = Pattern.compile("VmHWM:\\s+([0-9]+) kB");

    private static final String SESSIONS = "SELECT count(*) FROM pg_stat_activity"
            + " WHERE application_name LIKE 'transvase %' AND datname = current_database()";

    @TempDir
    private Path folder;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<Long> endMillis = new ArrayList<>();

    private TestingDatabase source;
    private TestingDatabase target;
    private TestingJobs jobs;
    private TestingRunner runner;
    private long mostMemory;

    /** How long the last run took that ended before its signal. */
    private long lastMillis;

    private int stopped;

    /** About how long it takes until a job begins to work. */
    private long startMillis;

    @BeforeEach
    void create() {
        source = TestingPostgres.newest().createDatabase();
        target = TestingPostgres.oldest().createDatabase();
        jobs = new TestingJobs(folder).dataSource("source", source).dataSource("target", target);
    }

    @AfterEach
    void drop() {
        source.close();
        target.close();
    }

    /** The classes that a run loads are the same each time: an archive of them makes it start sooner. */
    private void prepare(String job) throws Exception {
        TestingDistribution transvase = TestingDistribution.unpack(folder.resolve("unpacked"));
        String classes = folder.resolve("classes.jsa").toString();
        jobs.write(job);
        assertThat(new TestingRunner(transvase, folder, List.of(), OPTIONS + "-XX:ArchiveClassesAtExit=" + classes)
                        .check()
                        .code())
                .isZero();
        runner = new TestingRunner(transvase, folder, List.of(), OPTIONS + "-XX:SharedArchiveFile=" + classes);
        long start = System.nanoTime();
        assertThat(runner.check().code()).isZero();
        startMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    @ParameterizedTest
    @ValueSource(strings = {"copy", "insert", "upsert"})
    void aBatchJobEndsWithWhatItReports(String mode) throws Exception {
        source.execute(
                "CREATE TABLE t (id int PRIMARY KEY, note text)",
                "INSERT INTO t SELECT i, repeat('n', 100) FROM generate_series(1, " + ROWS + ") i");
        target.execute("CREATE TABLE t (id int PRIMARY KEY, note text)");
        prepare(TestingJobs.postgresJob(
                "{\"datasource\": \"source\", \"table\": \"t\", \"column\": [\"*\"], \"splitPk\": \"id\"}",
                "{\"datasource\": \"target\", \"table\": \"t\", \"column\": [\"*\"], \"writeMode\": \"" + mode + "\"}",
                "{\"speed\": {\"concurrent\": 2}}"));
        long start = System.nanoTime();
        Process whole = runner.start("--report", report().toString());
        assertThat(whole.waitFor()).as(runner.output()).isZero();
        long wholeMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        for (int i = 0; goesOn(i); i++) {
            target.execute("TRUNCATE t");
            int code = signalled(random.nextLong(wholeMillis / 5, wholeMillis + 1));
            // The first run is slower than those that follow: most signals would come too late.
            wholeMillis = Math.min(wholeMillis, lastMillis);
            String told = "seed " + seed + ": " + runner.output();
            long there = Long.parseLong(target.queryForString("SELECT count(*) FROM t"));
            if (!reported()) {
                assertEndedBeforeTheRuntimeListened(code, told);
                assertThat(there).as(told).isZero();
                continue;
            }
            JsonNode report = JSON.readTree(report().toFile());
            assertThat(there).as(told).isEqualTo(report.at("/written/records").asLong());
            switch (report.at("/status").asText()) {
                case "STOPPED" -> {
                    assertThat(code).as(told).isEqualTo(TERMINATED);
                    stopped++;
                }
                case "SUCCEEDED" -> {
                    assertThat(code).as(told).isIn(0, TERMINATED);
                    assertThat(there).as(told).isEqualTo(ROWS);
                }
                default -> throw new AssertionError(told);
            }
        }
        tell(mode);
    }

    @Test
    void aChangeStreamEndsInOrderAndGoesOn() throws Exception {
        TestingBank bank = TestingBank.open(source, target, seed);
        String job = TestingJobs.job(
                "postgresql-cdc",
                "{\"datasource\": \"source\", \"solutionId\": \"" + source.name()
                        + "\", \"table\": [\"account\", \"audit\"], \"heartbeatSeconds\": 1}",
                "postgresql",
                "{\"datasource\": \"target\", \"column\": [\"*\"], \"writeMode\": \"copy\"}",
                "{}");
        prepare(job);
        try (TestingBank working = bank) {
            working.work();
            for (int i = 0; goesOn(i); i++) {
                int code = signalled(random.nextLong(200, 3000 + 2 * startMillis));
                String told = "seed " + seed + ": " + runner.output();
                if (reported()) {
                    assertThat(JSON.readTree(report().toFile()).at("/status").asText())
                            .as(told)
                            .isEqualTo("STOPPED");
                    // Before its plan is known it ends as any other job.
                    assertThat(code).as(told).isIn(0, TERMINATED);
                    stopped++;
                } else {
                    assertEndedBeforeTheRuntimeListened(code, told);
                }
            }
        }
        assertThat(jobs.runUntilCurrent(job).errorMessage()).isEmpty();
        bank.assertSame();
        tell("change stream");
    }

    /** The system's own end; a signal within the first moments of a JVM may make it fail instead, which is a defect of it. */
    private static void assertEndedBeforeTheRuntimeListened(int code, String told) {
        if (!told.contains("Error occurred during initialization of VM")) {
            assertThat(code).as(told).isEqualTo(TERMINATED);
        }
    }

    private boolean reported() {
        return Files.exists(report());
    }

    private Path report() {
        return folder.resolve("report.json");
    }

    /** Runs the job, sends SIGTERM after a time, and returns its exit code once no session of it is left at the target. */
    private int signalled(long millis) throws IOException, InterruptedException, SQLException {
        Files.deleteIfExists(report());
        long started = System.nanoTime();
        Process process = runner.start("--report", report().toString());
        lastMillis = Long.MAX_VALUE;
        if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            lastMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        } else {
            long start = System.nanoTime();
            process.destroy();
            do {
                measure(process);
            } while (!process.waitFor(5, TimeUnit.MILLISECONDS));
            endMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
        assertThat(runner.output())
                .as("seed %s", seed)
                .doesNotContain("has not ended", "OutOfMemoryError", "heap", "defect");
        while (!target.queryForString(SESSIONS).equals("0")) {
            target.execute("SELECT pg_sleep(0.02)");
        }
        return process.exitValue();
    }

    /** Where the system tells. */
    private void measure(Process process) {
        try {
            Matcher told = MEMORY.matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
            if (told.find()) {
                mostMemory = Math.max(mostMemory, Long.parseLong(told.group(1)) >> 10);
            }
        } catch (IOException e) {
            // It has ended, or the system is another one.
            return;
        }
    }

    /** Until as many signals as asked for have met a job at work: at random some come too late. */
    private boolean goesOn(int rounds) {
        return endMillis.size() < SIGNALS && rounds < MOST_ROUNDS;
    }

    private void tell(String what) {
        endMillis.sort(null);
        System.out.printf(
                Locale.ROOT,
                "%s, seed %d: %d signals, %d runs stopped by them, median end after %d ms, longest %d ms, most memory %d MB%n",
                what,
                seed,
                endMillis.size(),
                stopped,
                endMillis.isEmpty() ? 0 : endMillis.get(endMillis.size() / 2),
                endMillis.isEmpty() ? 0 : endMillis.get(endMillis.size() - 1),
                mostMemory);
        assertThat(endMillis).as("seed %s", seed).hasSize(SIGNALS);
    }
}
