package dev.transvase.postgresql.cdc.wait;

import dev.transvase.postgresql.Blockers;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.retry.Pause;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whom two sessions of ours wait for at the server. Used by one thread; blocks on the server. */
public final class WaitedFor {

    /**
     * The numbers of prepared transactions, which have no process, that hold a table which is waited for; in a mode that lets nobody
     * publish it. The lock of its own number leads to each.
     */
    private static final String TABLE_HOLDERS = "SELECT x.transactionid FROM pg_catalog.pg_locks w"
            + " JOIN pg_catalog.pg_locks h ON h.relation = w.relation AND h.database = w.database"
            + " JOIN pg_catalog.pg_locks x ON x.virtualtransaction = h.virtualtransaction"
            + " WHERE w.pid IN ($waiting) AND NOT w.granted AND h.granted AND h.pid IS NULL"
            + " AND h.mode NOT IN ('AccessShareLock', 'RowShareLock') AND x.pid IS NULL AND x.transactionid IS NOT NULL";

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final PostgresSession asking;
    private final String waiting;

    /** @param asking another session than those that wait, which are identified by their processes */
    public WaitedFor(PostgresSession asking, int one, int other) {
        this.asking = asking;
        this.waiting = one + ", " + other;
    }

    /** Sessions with process, age and query, and prepared transactions; empty when nobody is waited for. */
    public String describe() throws SQLException {
        List<String> all = new ArrayList<>();
        try (Statement statement = asking.jdbc().createStatement()) {
            Blockers.sessions(
                    statement,
                    "SELECT b.pid FROM pg_catalog.pg_stat_activity w,"
                            + " LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) AS b (pid)"
                            + " WHERE w.pid IN (" + waiting + ')',
                    all);
            Blockers.prepared(
                    statement,
                    "SELECT l.transactionid FROM pg_catalog.pg_locks l WHERE l.pid IN (" + waiting
                            + ") AND NOT l.granted UNION ALL " + TABLE_HOLDERS.replace("$waiting", waiting),
                    all);
        }
        return String.join("; ", all);
    }

    /** Ends the sessions that wait, and waits until they have ended, or for this long. */
    public void endWaiting(Duration patience) throws SQLException {
        long begin = System.nanoTime();
        String sql = "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE pid IN ("
                + waiting + ')';
        try (Statement statement = asking.jdbc().createStatement()) {
            boolean again = true;
            while (again && System.nanoTime() - begin < patience.toNanos()) {
                try (ResultSet row = statement.executeQuery(sql)) {
                    again = row.next();
                }
                // After an interruption they have been asked to end anyway.
                again = again && Pause.interruptible().pause(LOOK_EVERY);
            }
        }
    }
}
