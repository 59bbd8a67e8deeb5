package dev.transvase.postgresql.writer.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A cancellation waits for the commit that is under way. */
class CommitsIT {

    @Test
    void aThreadThatIsInterruptedDoesNotCutACommitShort() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                Connection connection = database.connect();
                Connection other = database.connect();
                Statement blocking = other.createStatement()) {
            database.execute(
                    "CREATE TABLE t (i int)",
                    "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
                            + " 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END'",
                    "CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                            + " EXECUTE PROCEDURE wait()");
            blocking.execute("SELECT pg_advisory_lock(1)");
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO t VALUES (1)");
            }
            Commits commits = new Commits();
            CompletableFuture<Long> committed = CompletableFuture.supplyAsync(() -> commit(commits, connection));
            String waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                    + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
            while (database.queryForString(waiting).equals("0")) {
                Thread.onSpinWait();
            }
            CompletableFuture<Boolean> finished = new CompletableFuture<>();
            Thread cancelling = new Thread(() -> {
                Thread.currentThread().interrupt();
                commits.betweenCommits(() -> finished.complete(true));
            });
            cancelling.start();
            while (cancelling.getState() == Thread.State.NEW || cancelling.getState() == Thread.State.RUNNABLE) {
                Thread.onSpinWait();
            }
            assertThat(finished).isNotDone();
            blocking.execute("SELECT pg_advisory_unlock(1)");
            assertThat(committed.get()).isPositive();
            assertThat(finished.get()).isTrue();
            cancelling.join();
            assertThat(database.queryForString("SELECT count(*) FROM t")).isEqualTo("1");
        }
    }

    private static long commit(Commits commits, Connection connection) {
        try {
            return commits.commit(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
