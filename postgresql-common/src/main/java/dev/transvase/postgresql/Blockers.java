package dev.transvase.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Describes those at the server that are waited for: what is needed to find and end them. */
public final class Blockers {

    private static final int MOST_QUERY = 200;

    private static final int MOST_NAMED = 5;

    /**
     * What a process waits to lock. One that waits for a row waits for the transaction that has it: then it has locked the row's
     * place meanwhile, or only one table to write to.
     */
    private static final String WANTED = "SELECT l.locktype, coalesce("
            + table("w.pid = l.pid AND w.relation = l.relation AND NOT w.granted") + ", "
            + table("w.pid = l.pid AND w.locktype = 'tuple' AND w.granted") + ", "
            + table("w.pid = l.pid AND w.mode = 'RowExclusiveLock' AND w.granted AND c.relkind IN ('r', 'p')") + ')'
            + " FROM pg_catalog.pg_locks l WHERE l.pid = $pid AND NOT l.granted LIMIT 1";

    /** Of prepared transactions, which have no process, the numbers: those that hold what the process waits for. */
    private static final String PREPARED = "SELECT l.transactionid FROM pg_catalog.pg_locks l WHERE l.pid = $pid"
            + " AND NOT l.granted UNION ALL SELECT x.transactionid FROM pg_catalog.pg_locks w"
            + " JOIN pg_catalog.pg_locks h ON h.relation = w.relation AND h.database = w.database"
            + " JOIN pg_catalog.pg_locks x ON x.virtualtransaction = h.virtualtransaction"
            + " WHERE w.pid = $pid AND NOT w.granted AND h.granted AND h.pid IS NULL AND x.pid IS NULL"
            + " AND x.transactionid IS NOT NULL AND 0 = ANY (pg_catalog.pg_blocking_pids($pid))";

    private Blockers() {}

    /** The one table that these locks of this database are of. */
    private static String table(String locks) {
        return "(SELECT CASE WHEN count(DISTINCT c.oid) = 1 THEN pg_catalog.min(pg_catalog.concat(n.nspname, '.', c.relname))"
                + " END FROM pg_catalog.pg_locks w JOIN pg_catalog.pg_class c ON c.oid = w.relation"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE " + locks
                + " AND w.database IN (0, (SELECT d.oid FROM pg_catalog.pg_database d"
                + " WHERE d.datname = pg_catalog.current_database())))";
    }

    /**
     * The lock that a process waits for and who keeps it from that, such as {@code a lock on public.orders, held by pid 4711 (psql,
     * user app, idle in transaction for 3 min): LOCK TABLE orders}; empty when it waits for none. Blocks on the server.
     *
     * @param statement of another session in the same database
     */
    static Optional<String> of(Statement statement, int process) throws SQLException {
        String pid = Integer.toString(process);
        String wanted;
        try (ResultSet row = statement.executeQuery(WANTED.replace("$pid", pid))) {
            if (!row.next()) {
                return Optional.empty();
            }
            wanted = wanted(row.getString(1), row.getString(2));
        }
        List<String> all = new ArrayList<>();
        sessions(statement, "SELECT pg_catalog.unnest(pg_catalog.pg_blocking_pids(" + pid + "))", all);
        prepared(statement, PREPARED.replace("$pid", pid), all);
        int more = all.size() - MOST_NAMED;
        String named = String.join("; ", more > 0 ? all.subList(0, MOST_NAMED) : all);
        return Optional.of(
                wanted + (named.isEmpty() ? "" : ", held by " + named) + (more > 0 ? "; and " + more + " more" : ""));
    }

    private static String wanted(String type, String table) {
        String on = table == null ? "" : " on " + table;
        return switch (type) {
            case "relation", "extend", "page", "frozenid" -> "a lock" + on;
            case "tuple" -> "the lock of a row" + on.replaceFirst(" on ", " of ");
            case "transactionid", "virtualxid", "spectoken" ->
                table == null ? "the end of a transaction" : "the lock of a row of " + table;
            case "advisory" -> "an advisory lock";
            default -> "a lock of the kind " + type + on;
        };
    }

    /**
     * Sessions with process, user, state and query. Others' than one's own are shown with their process and user alone, unless the
     * role may see more.
     *
     * @param pids a query for their processes
     * @param into where they are added to
     */
    public static void sessions(Statement statement, String pids, List<String> into) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT b.pid,"
                + " pg_catalog.concat_ws(', ', nullif(a.application_name, ''), 'user ' || a.usename, a.client_addr),"
                + " CASE WHEN a.state = 'active' AND a.wait_event_type = 'Lock' THEN 'waiting for a lock itself'"
                + " ELSE a.state END,"
                + seconds("CASE WHEN a.state = 'active' THEN a.query_start ELSE a.state_change END") + ','
                + seconds("a.xact_start") + ", coalesce(a.query, '')"
                + " FROM (SELECT DISTINCT p.pid FROM (" + pids + ") AS p (pid) WHERE p.pid <> 0) b"
                + " LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid ORDER BY a.xact_start, b.pid")) {
            while (row.next()) {
                String who = row.getString(2);
                into.add("pid " + row.getInt(1)
                        + state(who, row.getString(3), row.getString(4), row.getString(5))
                        + query(row.getString(6)));
            }
        }
    }

    private static String seconds(String since) {
        return " pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - (" + since
                + "))::pg_catalog.int8::pg_catalog.text";
    }

    private static String state(String who, String state, String stateSeconds, String transactionSeconds) {
        List<String> parts = new ArrayList<>();
        if (!who.isEmpty()) {
            parts.add(who);
        }
        if (state != null && stateSeconds != null) {
            parts.add(state + " for " + duration(Long.parseLong(stateSeconds)));
        }
        if (transactionSeconds != null && !transactionSeconds.equals(stateSeconds)) {
            parts.add("its transaction is " + duration(Long.parseLong(transactionSeconds)) + " old");
        }
        return parts.isEmpty() ? "" : " (" + String.join(", ", parts) + ')';
    }

    private static String duration(long seconds) {
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        return minutes < 120 ? minutes + " min" : minutes / 60 + " h";
    }

    private static String query(String text) {
        String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        if (line.isEmpty()) {
            return "";
        }
        return ": "
                + (line.codePointCount(0, line.length()) <= MOST_QUERY
                        ? line
                        : line.substring(0, line.offsetByCodePoints(0, MOST_QUERY)) + " ...");
    }

    /**
     * Prepared transactions.
     *
     * @param transactions a query for their numbers, and any others
     * @param into where they are added to
     */
    public static void prepared(Statement statement, String transactions, List<String> into) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT p.gid, p.owner, p.database,"
                + seconds("p.prepared")
                + " FROM pg_catalog.pg_prepared_xacts p WHERE p.transaction::pg_catalog.text IN"
                + " (SELECT t.xid::pg_catalog.text FROM (" + transactions + ") AS t (xid)) ORDER BY p.prepared")) {
            while (row.next()) {
                into.add("the prepared transaction '" + row.getString(1) + "' of " + row.getString(2) + " in database "
                        + row.getString(3) + ", " + duration(row.getLong(4))
                        + " old, which COMMIT PREPARED or ROLLBACK PREPARED ends");
            }
        }
    }
}
