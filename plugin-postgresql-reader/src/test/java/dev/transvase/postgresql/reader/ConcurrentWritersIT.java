package dev.transvase.postgresql.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.spi.Split;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must be true of any one moment is true of what four channels read while others write. */
@Timeout(120)
class ConcurrentWritersIT {

    private static final int CHANNELS = 4;
    private static final int WRITERS = 2;

    /**
     * Moves money between two accounts and keeps book of it; moves another account to or from the archive. Each writer has
     * accounts of its own, so that they do not wait for each other.
     */
    private static final String WORK = "CREATE FUNCTION work(writer int) RETURNS void LANGUAGE plpgsql AS $$ DECLARE"
            + " a int := 1 + writer + " + WRITERS + " * (random() * 399)::int; b int := 801 + writer;"
            + " c int := 1001 + writer + " + WRITERS + " * (random() * 99)::int; x int := (random() * 10)::int; BEGIN"
            + " UPDATE account SET balance = balance - x WHERE id = a; UPDATE account SET balance = balance + x WHERE id = b;"
            + " INSERT INTO journal (account, amount) VALUES (a, -x), (b, x);"
            + " WITH gone AS (DELETE FROM account WHERE id = c RETURNING *) INSERT INTO archive SELECT * FROM gone;"
            + " IF NOT FOUND THEN WITH back AS (DELETE FROM archive WHERE id = c RETURNING *)"
            + " INSERT INTO account SELECT * FROM back; END IF; END $$";

    @ParameterizedTest
    @CsvSource({"oldest, key", "newest, key", "newest, ctid"})
    void allThatIsReadIsOfOneMoment(String which, String by) throws Exception {
        TestingPostgres server = which.equals("oldest") ? TestingPostgres.oldest() : TestingPostgres.newest();
        try (TestingDatabase database = server.createDatabase()) {
            database.execute(
                    "CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL, filler text)",
                    "CREATE TABLE archive (LIKE account INCLUDING ALL)",
                    "CREATE TABLE journal (id serial PRIMARY KEY, account int NOT NULL, amount int NOT NULL)",
                    "INSERT INTO account SELECT n, 100, repeat('x', 100) FROM generate_series(1, 1200) n",
                    WORK);
            try (Writers writers = new Writers(database)) {
                writers.awaitMore(50);
                ReaderSetup setup = ReaderSetup.of(database)
                        .table("account", "archive", "journal")
                        .splitFactor(2);
                assertOneMoment(by.equals("key") ? setup.splitPk("id") : setup.byCtid(), writers);
            }
        }
    }

    private static void assertOneMoment(ReaderSetup setup, Writers writers) throws Exception {
        try (Reading reading = Reading.of(setup, CHANNELS)) {
            assertThat(reading.splits).hasSizeGreaterThanOrEqualTo(CHANNELS * 2);
            List<Queue<List<String>>> tables = read(reading, writers);
            Map<Integer, Long> balances = new HashMap<>();
            for (List<String> row : tables.get(0)) {
                assertThat(balances.put(Integer.valueOf(row.get(0)), Long.valueOf(row.get(1))))
                        .isNull();
            }
            for (List<String> row : tables.get(1)) {
                assertThat(balances.put(Integer.valueOf(row.get(0)), Long.valueOf(row.get(1))))
                        .isNull();
            }
            assertThat(balances).hasSize(1200);
            assertThat(balances.values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(120_000);
            assertThat(tables.get(2)).hasSizeGreaterThan(50);
            for (List<String> row : tables.get(2)) {
                balances.merge(Integer.valueOf(row.get(1)), -Long.parseLong(row.get(2)), Long::sum);
            }
            assertThat(balances.values()).containsOnly(100L);
        }
    }

    /** The rows of each table; between any two splits something was committed. */
    private static List<Queue<List<String>>> read(Reading reading, Writers writers)
            throws InterruptedException, ExecutionException {
        List<Queue<List<String>>> tables = new ArrayList<>();
        reading.accepted.forEach(t -> tables.add(new ConcurrentLinkedQueue<>()));
        Queue<Split> splits = new ConcurrentLinkedQueue<>(reading.splits);
        ExecutorService channels = Executors.newFixedThreadPool(CHANNELS);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < CHANNELS; i++) {
                ends.add(channels.submit(() -> {
                    for (Split split = splits.poll(); split != null; split = splits.poll()) {
                        writers.awaitMore(5);
                        tables.get(split.table()).addAll(reading.rows(split));
                    }
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            channels.shutdownNow();
        }
        return tables;
    }

    /** Threads that write without end. */
    private static final class Writers implements AutoCloseable {

        private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        private final List<Future<?>> ends = new ArrayList<>();
        private final AtomicLong commits = new AtomicLong();
        private final AtomicBoolean closed = new AtomicBoolean();

        Writers(TestingDatabase database) {
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                ends.add(threads.submit(() -> {
                    write(database, writer);
                    return null;
                }));
            }
        }

        private void write(TestingDatabase database, int writer) throws SQLException {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                while (!closed.get()) {
                    statement.execute("SELECT work(" + writer + ")");
                    commits.incrementAndGet();
                }
            }
        }

        void awaitMore(int count) {
            long wanted = commits.get() + count;
            while (commits.get() < wanted && ends.stream().noneMatch(Future::isDone)) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() throws InterruptedException, ExecutionException {
            closed.set(true);
            for (Future<?> end : ends) {
                end.get();
            }
            threads.shutdown();
        }
    }
}
