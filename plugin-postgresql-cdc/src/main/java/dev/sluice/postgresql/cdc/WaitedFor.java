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

    private static final int MOST_QUERY = 200;

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
            try (ResultSet row = statement.executeQuery("SELECT DISTINCT b.pid,"
                    + " pg_catalog.concat_ws(', ', nullif(a.application_name, ''), a.usename, a.client_addr),"
                    + " pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - a.xact_start)::pg_catalog.text,"
                    + " coalesce(a.state, ''), pg_catalog.left(coalesce(a.query, ''), " + MOST_QUERY + ')'
                    + " FROM pg_catalog.pg_stat_activity w,"
                    + " LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) AS b (pid)"
                    + " LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid WHERE w.pid IN (" + waiting
                    + ") AND b.pid <> 0")) {
                while (row.next()) {
                    all.add("process " + row.getInt(1) + " (" + row.getString(2) + "), whose transaction is "
                            + row.getString(3) + " old and " + row.getString(4) + ": " + row.getString(5));
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT DISTINCT p.gid, p.owner, p.database,"
                    + " pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - p.prepared)::pg_catalog.text"
                    + " FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = l.transactionid"
                    + " WHERE l.pid IN (" + waiting + ") AND NOT l.granted")) {
                while (row.next()) {
                    all.add("the prepared transaction '" + row.getString(1) + "' of " + row.getString(2)
                            + " in database "
                            + row.getString(3) + ", " + row.getString(4)
                            + " old, which COMMIT PREPARED or ROLLBACK PREPARED ends");
                }
            }
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
