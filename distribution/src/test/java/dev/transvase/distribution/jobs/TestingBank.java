package dev.transvase.distribution.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A bank at work: money moves, accounts come, go and change their numbers, and all of it is noted in a table that is only
 * added to, where a change that comes twice shows. It works until it is closed, and goes on when its server was restarted.
 */
final class TestingBank implements AutoCloseable {

    static final int ACCOUNTS = 2000;

    /** Every so many transactions one that changes much. */
    private static final int LARGE_EVERY = 40;

    private static final List<String> TABLES = List.of("account", "audit");

    private final TestingDatabase source;
    private final TestingDatabase target;
    private final Random random;
    private final AtomicBoolean closed = new AtomicBoolean();
    private CompletableFuture<Void> working = CompletableFuture.completedFuture(null);
    private int next = 10_000;

    private TestingBank(TestingDatabase source, TestingDatabase target, long seed) {
        this.source = source;
        this.target = target;
        this.random = new Random(seed);
    }

    /** Makes its tables at both, and rows at the source. It does not work yet. */
    static TestingBank open(TestingDatabase source, TestingDatabase target, long seed) throws SQLException {
        String account = "CREATE TABLE account (id int PRIMARY KEY, balance numeric(12,2) NOT NULL, note text,"
                + " changed timestamptz)";
        source.execute(
                account,
                "CREATE TABLE audit (n bigserial, what text, id int, amount numeric(12,2))",
                "ALTER TABLE account REPLICA IDENTITY FULL",
                "ALTER TABLE audit REPLICA IDENTITY FULL",
                "INSERT INTO account SELECT i, 100, 'n' || i, now() FROM generate_series(1, " + ACCOUNTS + ") i",
                "INSERT INTO audit (what, id, amount) SELECT 'opened', id, balance FROM account");
        target.execute(account, "CREATE TABLE audit (n bigint, what text, id int, amount numeric(12,2))");
        return new TestingBank(source, target, seed);
    }

    /** Begins to work, on a thread of its own. */
    void work() {
        working = CompletableFuture.runAsync(this::workUntilClosed, task -> new Thread(task, "bank").start());
    }

    private void workUntilClosed() {
        while (!closed.get()) {
            try (Connection connection = source.connect();
                    Statement statement = connection.createStatement()) {
                while (!closed.get()) {
                    transact(statement);
                    statement.execute("SELECT pg_sleep(0.01)"); // others have the same two processors
                }
            } catch (SQLException e) {
                if (!lost(e)) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static boolean lost(SQLException e) {
        return e.getSQLState() != null
                && (e.getSQLState().startsWith("08") || e.getSQLState().startsWith("57P"));
    }

    /** Makes so many transactions, on this thread. */
    void transact(int transactions) throws SQLException {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < transactions; i++) {
                transact(statement);
            }
        }
    }

    private void transact(Statement statement) throws SQLException {
        int from = 1 + random.nextInt(ACCOUNTS);
        int to = 1 + random.nextInt(ACCOUNTS);
        int id = next++;
        statement.execute("BEGIN;"
                + "UPDATE account SET balance = balance - 1, changed = clock_timestamp() WHERE id = " + from + ";"
                + "UPDATE account SET balance = balance + 1 WHERE id = " + to + ";"
                + "INSERT INTO audit (what, id, amount) VALUES ('moved', " + from + ", 1);"
                + "INSERT INTO account VALUES (" + id + ", 0, NULL, NULL);"
                + "UPDATE account SET id = " + (id + 1_000_000) + " WHERE id = " + (id - 50) + ";"
                + "DELETE FROM account WHERE id = " + (id + 1_000_000 - 100) + ";"
                + (id % LARGE_EVERY == 0 ? interest(from) : "")
                + "COMMIT");
    }

    private static String interest(int from) {
        String some = " WHERE id BETWEEN " + from + " AND " + (from + 400);
        return "UPDATE account SET balance = balance * 1.01" + some + ';'
                + "INSERT INTO audit (what, id, amount) SELECT 'interest', id, balance FROM account" + some + ';';
    }

    /** Blocks until what the source has by now is at the target. */
    void awaitArrival(TestingJobs.Running job) throws SQLException {
        String mark = source.queryForString("INSERT INTO audit (what) VALUES ('mark') RETURNING n");
        while (!target.queryForString("SELECT count(*) FROM audit WHERE n = " + mark)
                .equals("1")) {
            job.requireRunning();
            target.execute("SELECT pg_sleep(0.02)");
        }
    }

    /** Ends the work. */
    @Override
    public void close() {
        closed.set(true);
        working.join();
    }

    /** Of a bank that is at rest: the target has what the source has, and nothing twice. */
    void assertSame() throws SQLException {
        assertThat(working.isDone()).as("at rest").isTrue();
        assertThat(target.query("SELECT count(*) FROM audit"))
                .isEqualTo(target.query("SELECT count(DISTINCT n) FROM audit"));
        for (String table : TABLES) {
            String rows = "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM "
                    + table + " t";
            assertThat(target.queryForString(rows)).as(table).isEqualTo(source.queryForString(rows));
        }
    }
}
