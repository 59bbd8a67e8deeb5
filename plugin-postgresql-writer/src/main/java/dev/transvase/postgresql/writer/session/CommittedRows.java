package dev.transvase.postgresql.writer.session;

import static dev.transvase.postgresql.writer.error.WriterErrors.SERVER_CHANGED;
import static dev.transvase.spi.error.CommonErrors.COMMIT_IN_DOUBT;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.WriteJournal;
import dev.transvase.spi.error.DirtyRecord;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a run has counted as written, and the server that said so. Each later session asks its server whether it can still have
 * all of that: it may be another one, an older one, or one that crashed and has emptied its unlogged tables. All sessions are
 * compared, from the one that the job was checked with. Shared by the channels of a writer; thread-safe.
 */
public final class CommittedRows {

    /** The number of tables that are named. */
    private static final int TABLES_SHOWN = 5;

    /**
     * Those of some tables whose rows, or some of them, do not outlive a crash: unlogged tables, and what stores its rows in one,
     * as partitions, children and views do. What a view's trigger does nobody can see: any unlogged table may have its rows.
     */
    private static final String PERISHABLE = "WITH RECURSIVE stored(root, oid) AS ("
            + "SELECT t, pg_catalog.to_regclass(t)::pg_catalog.oid FROM pg_catalog.unnest(?::pg_catalog.text[]) t"
            + " UNION SELECT s.root, n.oid FROM stored s, LATERAL ("
            + "SELECT i.inhrelid AS oid FROM pg_catalog.pg_inherits i WHERE i.inhparent = s.oid"
            + " UNION ALL SELECT d.refobjid FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_depend d"
            + " ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid"
            + " AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
            + " WHERE r.ev_class = s.oid AND r.ev_type IN ('1', '3')) n)"
            + " SELECT DISTINCT s.root FROM stored s LEFT JOIN pg_catalog.pg_class c ON c.oid = s.oid"
            + " WHERE c.oid IS NULL OR c.relpersistence <> 'p' OR (c.relkind = 'v'"
            + " AND EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND g.tgtype & 64 <> 0)"
            + " AND EXISTS (SELECT 1 FROM pg_catalog.pg_class u WHERE u.relpersistence = 'u' AND u.relkind = 'r'))";

    private static final String STATUS = "SELECT pg_catalog.txid_status(?)";

    /** How many records of each table are counted as written. */
    private final Map<TableName, Long> records = new LinkedHashMap<>();

    /** The server of the last session, or {@code null} before the first. */
    private ServerState server;

    /** Whether anything counts as written. */
    private boolean any;

    /** Where the log was when the last commit was durable; 0 while that is not known. */
    private long log;

    /** The number of the transaction that was committed last; 0 when it is not known. */
    private long transaction;

    /**
     * Tells the runtime, and keeps count.
     *
     * @param names of the tables by their index in the plan
     */
    public WriteJournal counting(WriteJournal journal, List<TableName> names) {
        return new WriteJournal() {
            @Override
            public void committed(int table, long committed, long bytes) {
                count(names.get(table), committed);
                journal.committed(table, committed, bytes);
            }

            @Override
            public void skipped(int table, long skipped) {
                journal.skipped(table, skipped);
            }

            @Override
            public void dirty(DirtyRecord dirty) {
                journal.dirty(dirty);
            }

            @Override
            public void secure() {
                journal.secure();
            }

            @Override
            public long tolerance() {
                return journal.tolerance();
            }
        };
    }

    private synchronized void count(TableName table, long committed) {
        records.merge(table, committed, Long::sum);
    }

    /**
     * A commit is durable.
     *
     * @param flushed up to where the log was then; 0 when it is not known
     * @param number the transaction's; 0 when it is not known
     */
    synchronized void committed(long flushed, long number) {
        any = true;
        log = Math.max(log, flushed);
        transaction = Math.max(transaction, number);
    }

    /** Whether anything counts as written. */
    public synchronized boolean any() {
        return any;
    }

    /** Whether a session of this server may be written to without asking: it is the one that was compared last. */
    synchronized boolean trusts(ServerState known) {
        return known != null && !known.recovering() && server != null && known.isSameAs(server);
    }

    /**
     * Asks the server of another session whether it is the same as before, and has all that counts as written. To be called
     * before anything is written over it. A server in recovery, which lets nobody write and may lack what is still to come, is
     * not compared.
     *
     * @param connection in auto-commit mode
     * @return what the server says of itself
     * @throws TransvaseException {@code COMMIT_IN_DOUBT} when it may have lost some, {@code SERVER_CHANGED} when it
     *     is another one and nothing was written yet
     * @throws SQLException when it cannot be asked
     */
    public synchronized ServerState require(Connection connection) throws SQLException {
        ServerState now = ServerState.of(connection);
        if (now.recovering()) {
            return now;
        }
        if (server != null && any) {
            compare(now, connection);
        } else if (server != null && !now.isSameAs(server)) {
            throw TransvaseException.of(
                    SERVER_CHANGED,
                    "expected the server that was checked (" + server.named() + "), found another one ("
                            + now.named()
                            + "); nothing was committed yet. Check which server the target's address leads to, then"
                            + " run the job again",
                    null);
        }
        server = now;
        return now;
    }

    private void compare(ServerState now, Connection connection) throws SQLException {
        boolean recovered = now.recoveredSince(server);
        if (recovered && now.system().equals(server.system())) {
            requireLogged(connection);
        }
        Optional<String> loss = now.lossSince(server, log);
        if (loss.isPresent()) {
            throw doubt(loss.get());
        }
        if (recovered && !isCommitted(connection)) {
            throw doubt("the server was recovered and has lost the last commit");
        }
    }

    private boolean isCommitted(Connection connection) throws SQLException {
        if (transaction == 0) {
            return true;
        }
        try (PreparedStatement statement = connection.prepareStatement(STATUS)) {
            statement.setLong(1, transaction);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return "committed".equals(row.getString(1));
            }
        } catch (SQLException e) {
            if (SqlErrors.sqlState(e).startsWith("22")) {
                return false; // it has not come to this number yet
            }
            throw e;
        }
    }

    private void requireLogged(Connection connection) throws SQLException {
        Set<String> emptied = perishable(records.keySet(), connection);
        if (!emptied.isEmpty()) {
            throw doubt("the server crashed, or a standby took over, which empties unlogged tables; this concerns "
                    + emptied.stream().limit(TABLES_SHOWN).collect(Collectors.joining(", "))
                    + ". ALTER TABLE ... SET LOGGED makes them durable");
        }
    }

    private static Set<String> perishable(Set<TableName> tables, Connection connection) throws SQLException {
        Object[] names = tables.stream().map(SqlNames::quote).toArray();
        Set<String> found = new TreeSet<>();
        try (PreparedStatement statement = connection.prepareStatement(PERISHABLE)) {
            statement.setArray(1, connection.createArrayOf("text", names));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
        }
        return found;
    }

    /** What counts as written may be gone. */
    public synchronized TransvaseException doubt(String why) {
        String written = records.entrySet().stream()
                .limit(TABLES_SHOWN)
                .map(entry -> entry.getValue() + " of " + entry.getKey())
                .collect(Collectors.joining(", "));
        int more = records.size() - TABLES_SHOWN;
        return TransvaseException.of(
                COMMIT_IN_DOUBT,
                why + ". Records counted as written may be lost: " + written
                        + (more > 0 ? " and those of " + more + " more tables" : "")
                        + ". Compare the tables with the source, or empty them and run the job again",
                null);
    }
}
