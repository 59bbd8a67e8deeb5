package dev.transvase.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;

/** Runs every benchmark once, in this JVM, on a few rows: they do what they say, however long that takes. */
class BenchmarksIT {

    private static final int ROWS = 700;

    /** What {@link BatchSizeBenchmark} takes of them. */
    private static final int WRITTEN = ROWS / 5;

    private static BenchmarkRun run;

    @BeforeAll
    static void start() throws Exception {
        run = BenchmarkRun.start(BenchmarkArguments.parse("--rows", Integer.toString(ROWS)));
    }

    @AfterAll
    static void stop() throws IOException {
        run.close();
    }

    @Test
    void readsAllRowsWithEveryFetchSize() throws Exception {
        Collection<RunResult> results = once("FetchSize");
        assertThat(results)
                .extracting(result -> result.getParams().getParam("fetchSize"))
                .containsExactly("64", "256", "512", "1024", "2048", "4096", "8192");
        assertThat(results)
                .allSatisfy(result -> assertThat(rowsOfAnInvocation(result)).isCloseTo(ROWS, within(0.01)));
    }

    @Test
    void writesAllRowsWithEveryBatchSize() throws Exception {
        for (String mode : List.of("insert", "copy")) {
            for (String size : List.of("64", "256", "1024", "4096", "16384")) {
                truncate();
                Collection<RunResult> results = once("BatchSize", "-p", "writeMode=" + mode, "-p", "batchSize=" + size);
                assertThat(results)
                        .hasSize(1)
                        .allSatisfy(
                                result -> assertThat(rowsOfAnInvocation(result)).isCloseTo(WRITTEN, within(0.01)));
                assertThat(differences(WRITTEN)).as(mode + " " + size).isZero();
            }
        }
    }

    @Test
    void transfersAllRowsInEveryWay() throws Exception {
        for (String method : List.of("copyPipe", "copyPipeText", "oneChannel", "twoChannels")) {
            truncate();
            Collection<RunResult> results = once("Transfer.*" + method + "$");
            assertThat(results)
                    .hasSize(1)
                    .allSatisfy(result -> assertThat(rowsOfAnInvocation(result)).isCloseTo(ROWS, within(0.01)));
            assertThat(differences(ROWS)).as(method).isZero();
        }
    }

    @Test
    void failsWhenRowsAreMissing() throws Exception {
        execute("DELETE FROM orders WHERE id = " + ROWS);
        try {
            assertThatThrownBy(() -> once("FetchSize", "-p", "fetchSize=64")).isInstanceOf(RunnerException.class);
        } finally {
            execute("INSERT INTO orders SELECT " + ROWS + ", 1, 'new', 1, NULL, NULL, now(), NULL, NULL,"
                    + " '00000000-0000-0000-0000-000000000000'");
        }
    }

    @Test
    void tellsRatiosOfAllRounds() throws Exception {
        Figures figures = new Figures();
        figures.add(once("FetchSize", "-p", "fetchSize=64,512"));
        figures.add(once("FetchSize", "-p", "fetchSize=64,512"));
        assertThat(figures.results())
                .hasSize(2)
                .allSatisfy(result -> assertThat(result.getBenchmarkResults()).hasSize(2));
        List<String> lines = figures.table().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(2)).startsWith("| FetchSize.read fetchSize=64 | ").doesNotContain("-");
        assertThat(lines.get(3)).startsWith("| FetchSize.read fetchSize=512 | ").endsWith("| 1.00 | 1.00 to 1.00 |");
    }

    private static Collection<RunResult> once(String benchmark, String... options)
            throws CommandLineOptionException, RunnerException {
        List<String> arguments =
                new ArrayList<>(List.of(benchmark, "-f", "0", "-wi", "0", "-i", "1", "-r", "1ms", "-v", "SILENT"));
        arguments.addAll(Arrays.asList(options));
        return run.round(
                BenchmarkArguments.parse(arguments.toArray(String[]::new)).jmh());
    }

    private static double rowsOfAnInvocation(RunResult result) {
        return result.getSecondaryResults().get(RowCounter.RESULT).getScore()
                / result.getPrimaryResult().getScore();
    }

    private static void truncate() throws SQLException, IOException {
        execute("TRUNCATE " + OrdersTable.TARGET);
    }

    private static void execute(String sql) throws SQLException, IOException {
        try (Connection connection = run.server().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** How many rows are in one table only: the target, or the first of the source. */
    private static long differences(int first) throws SQLException, IOException {
        String sql = """
                SELECT count(*) FROM (SELECT * FROM orders WHERE id <= %d) a
                FULL JOIN orders_copy b ON a = b WHERE a.id IS NULL OR b.id IS NULL
                """;
        try (Connection connection = run.server().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql.formatted(first))) {
            row.next();
            return row.getLong(1);
        }
    }
}
