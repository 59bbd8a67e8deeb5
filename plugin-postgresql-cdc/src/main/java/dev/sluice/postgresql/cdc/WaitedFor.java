package dev.sluice.postgresql.cdc;

import dev.sluice.postgresql.PostgresSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whom two sessions of ours wait for at the server. Used by one thread; blocks on the server. */
final class WaitedFor {

    private final PostgresSession asking;
    private final String waiting;

    /** @param asking another session than those that wait, which are told by their processes */
    WaitedFor(PostgresSession asking, int one, int other) {
        this.asking = asking;
        this.waiting = one + ", " + other;
    }

    /** Sessions with process, age and query, and prepared transactions; empty when nobody is waited for. */
    String describe() throws SQLException {
        List<String> all = new ArrayList<>();
        try (Statement statement = asking.jdbc().createStatement()) {
            Others.sessions(
                    statement,
                    "SELECT b.pid FROM pg_catalog.pg_stat_activity w,"
                            + " LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) AS b (pid)"
                            + " WHERE w.pid IN (" + waiting + ')',
                    all);
            Others.prepared(
                    statement,
                    "SELECT l.transactionid FROM pg_catalog.pg_locks l WHERE l.pid IN (" + waiting
                            + ") AND NOT l.granted",
                    all);
        }
        return String.join("; ", all);
    }

    /** Ends the sessions that wait, and waits until they have ended, or for this long. */
    void endWaiting(Duration patience) throws SQLException {
        long begin = System.nanoTime();
        String sql = "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE pid IN ("
                + waiting + ')';
        try (Statement statement = asking.jdbc().createStatement()) {
            boolean there = true;
            while (there && System.nanoTime() - begin < patience.toNanos()) {
                try (ResultSet row = statement.executeQuery(sql)) {
                    there = row.next();
                }
                if (there) {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // they have been told to end
        }
    }
}
