package dev.transvase.postgresql.cdc.wait;

import dev.transvase.postgresql.Blockers;
import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Finds who keeps tables, or partitions of theirs, from being read: who has an exclusive lock, or waits for one. */
public final class LockHolders {

    private static final String LOCKS = "WITH RECURSIVE tree AS ("
            + "SELECT c.oid AS part FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace"
            + " WHERE (n.nspname, c.relname) IN ($tables)"
            + " UNION SELECT i.inhrelid FROM tree t"
            + " JOIN pg_catalog.pg_inherits i ON i.inhparent OPERATOR(pg_catalog.=) t.part),"
            + " locks AS (SELECT l.pid, l.granted, l.virtualtransaction FROM pg_catalog.pg_locks l"
            + " WHERE l.relation IN (SELECT part FROM tree) AND l.mode = 'AccessExclusiveLock' AND l.database ="
            + " (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))";

    private LockHolders() {}

    /**
     * Sessions with process, age and query, and prepared transactions; whoever an exclusive lock is waiting for is among them. Empty
     * when there is nobody. Blocks on the server.
     */
    public static String describe(PostgresSession session, Collection<TableName> tables) throws SQLException {
        String locks = LOCKS.replace(
                "$tables",
                tables.stream()
                        .map(t -> '(' + SqlNames.literal(t.namespace()) + ", " + SqlNames.literal(t.name()) + ')')
                        .collect(Collectors.joining(", ")));
        List<String> all = new ArrayList<>();
        try (Statement statement = session.jdbc().createStatement()) {
            Blockers.sessions(
                    statement,
                    locks + " SELECT pid FROM locks UNION SELECT b.pid FROM locks,"
                            + " LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(locks.pid)) AS b (pid)"
                            + " WHERE NOT locks.granted",
                    all);
            // A prepared one has no process; the lock of its own number leads to it.
            Blockers.prepared(
                    statement,
                    locks + " SELECT x.transactionid FROM pg_catalog.pg_locks x JOIN locks"
                            + " ON locks.virtualtransaction = x.virtualtransaction"
                            + " WHERE x.pid IS NULL AND locks.pid IS NULL AND x.transactionid IS NOT NULL",
                    all);
        }
        return String.join("; ", all);
    }
}
