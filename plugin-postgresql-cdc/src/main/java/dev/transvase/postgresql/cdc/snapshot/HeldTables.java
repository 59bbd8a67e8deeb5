package dev.transvase.postgresql.cdc.snapshot;

import static dev.transvase.postgresql.cdc.error.CdcErrors.TABLE_CHANGED;
import static dev.transvase.postgresql.error.PostgresErrors.TABLE_LOCK_WAIT;
import static dev.transvase.postgresql.error.PostgresErrors.TABLE_REWRITTEN;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.wait.LockHolders;
import dev.transvase.postgresql.cdc.wait.Patience;
import dev.transvase.postgresql.retry.Pause;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tables of a snapshot as they are until it has been read. A table that is truncated or rewritten after a slot's
 * consistent point looks empty, or has other columns, to whoever reads it under the slot's snapshot, without an error.
 *
 * <p>So each table is compared, once it is locked, with what it was before the slot was made. It is not locked before that: the
 * server makes a slot only when transactions in progress have ended, and one of them may be waiting for such a lock.
 *
 * <p>Tables that the server has no room to lock are compared once more when all has been read. Used by one thread at a time.
 */
public final class HeldTables implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HeldTables.class);

    private static final int LOCKED_AT_A_TIME = 100;

    /** The server's table of locks is full. */
    private static final String OUT_OF_MEMORY = "53200";

    private static final String UNDEFINED_TABLE = "42P01";

    /** Below the server's usual deadlock_timeout, after which others would be ended for our sake. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(500);

    /** In which others get what was let go of for them. */
    private static final Duration LOCK_PAUSE = Duration.ofMillis(50);

    /** The table, its partitions and their parts of storage, and its columns. */
    private static final String STATE = "WITH RECURSIVE tree AS ("
            + "SELECT c.oid AS root, c.oid AS part FROM pg_catalog.pg_class c"
            + " JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace"
            + " WHERE (n.nspname, c.relname) IN ($tables)"
            + " UNION ALL SELECT t.root, i.inhrelid FROM tree t"
            + " JOIN pg_catalog.pg_inherits i ON i.inhparent OPERATOR(pg_catalog.=) t.part)"
            + " SELECT n.nspname, c.relname,"
            + " (SELECT pg_catalog.string_agg(pg_catalog.concat(t.part, ':',"
            + " pg_catalog.pg_relation_filenode(t.part)), ' '"
            + " ORDER BY t.part) FROM tree t WHERE t.root OPERATOR(pg_catalog.=) c.oid),"
            + " (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attnum, pg_catalog.quote_ident(a.attname),"
            + " a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a"
            + " WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.>) 0"
            + " AND NOT a.attisdropped)"
            + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace"
            + " WHERE (n.nspname, c.relname) IN ($tables)";

    private final PostgresSession session;
    private final List<TableName> tables;
    private final Map<TableName, State> seen;
    private final List<TableName> unlocked = new ArrayList<>();

    private HeldTables(PostgresSession session, Map<TableName, State> seen) {
        this.session = session;
        this.tables = List.copyOf(seen.keySet());
        this.seen = seen;
    }

    /**
     * What makes reading a table under an earlier snapshot come out otherwise.
     *
     * @param storage the files of the table and its partitions
     * @param columns with their numbers and types
     */
    public record State(String storage, String columns) {}

    /**
     * Locks tables. Waits for who has them locked exclusively, and says so.
     *
     * @param session taken over, also when this fails
     * @param seen what {@link #look} found before the slot was made
     * @throws TransvaseException when that takes too long, or when this thread is interrupted
     */
    static HeldTables lock(PostgresSession session, Map<TableName, State> seen, Patience patience) throws SQLException {
        HeldTables held = new HeldTables(session, seen);
        try {
            held.lock(patience);
            return held;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /**
     * All of them or none: a session that waits for one table while it has others could make the server end somebody else's
     * transaction, which needs those, as a deadlock.
     */
    private void lock(Patience patience) throws SQLException {
        session.jdbc().setAutoCommit(false);
        while (true) {
            try {
                setLockTimeout(LOCK_TIMEOUT);
                lockAll();
                setLockTimeout(Duration.ZERO);
                return;
            } catch (SQLException e) {
                if (!SqlErrors.isLocked(e)) {
                    throw e;
                }
                session.jdbc().rollback();
                unlocked.clear();
                String holders = LockHolders.describe(session, tables);
                session.jdbc().rollback();
                if (patience.exhausted()) {
                    throw TransvaseException.of(
                            TABLE_LOCK_WAIT,
                            "the tables of the snapshot could not be locked in time (slotWaitSeconds)"
                                    + (holders.isEmpty() ? "" : ": " + holders)
                                    + "; wait until that ends, or raise slotWaitSeconds, and run the job again,"
                                    + " which takes the snapshot again",
                            e);
                }
                if (!holders.isEmpty()) {
                    patience.tell(
                            "the snapshot waits for locks of its tables: " + holders,
                            "locks of the snapshot's tables, held by " + holders);
                }
                Pause.interruptible().pause(LOCK_PAUSE, "locking the tables of the snapshot");
            }
        }
    }

    private void setLockTimeout(Duration timeout) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("SET LOCAL lock_timeout = " + timeout.toMillis());
        }
    }

    private void lockAll() throws SQLException {
        for (int from = 0; from < tables.size() && unlocked.isEmpty(); from += LOCKED_AT_A_TIME) {
            List<TableName> group = tables.subList(from, Math.min(tables.size(), from + LOCKED_AT_A_TIME));
            if (!lock(group)) {
                unlocked.addAll(tables.subList(from, tables.size()));
            }
        }
    }

    /**
     * The tables that were truncated or rewritten before they were locked, which the slot's snapshot cannot give any more.
     *
     * @throws TransvaseException when columns have changed, so that a new plan is needed
     */
    List<TableName> rewritten() throws SQLException {
        return rewritten(tables);
    }

    /** Returns false when the server has no room for that many locks. */
    private boolean lock(List<TableName> group) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("SAVEPOINT lock");
            try {
                statement.execute("LOCK TABLE "
                        + group.stream().map(SqlNames::quote).collect(Collectors.joining(", "))
                        + " IN ACCESS SHARE MODE");
                return true;
            } catch (SQLException e) {
                boolean gone = SqlErrors.sqlState(e).equals(UNDEFINED_TABLE);
                if (!gone && !SqlErrors.sqlState(e).equals(OUT_OF_MEMORY)) {
                    throw e;
                }
                statement.execute("ROLLBACK TO SAVEPOINT lock");
                log.info("not all tables of the snapshot can be locked: {}", SqlErrors.message(e));
                return gone; // which comparing them finds
            }
        }
    }

    private List<TableName> rewritten(List<TableName> looked) throws SQLException {
        Map<TableName, State> now = look(session, looked);
        List<TableName> rewritten = new ArrayList<>();
        for (TableName table : looked) {
            State was = seen.get(table);
            State is = now.get(table);
            if (is == null || !was.columns().equals(is.columns())) {
                throw TransvaseException.of(
                        TABLE_CHANGED.as(ErrorType.EXTERNAL),
                        table + (is == null ? " was dropped or renamed" : " has other columns")
                                + " at the source while its snapshot started; run the job again, which starts it over",
                        null);
            }
            if (!was.storage().equals(is.storage())) {
                rewritten.add(table);
            }
        }
        return rewritten;
    }

    /** The tables as they are now. To be looked at before they are let go of, so that nothing happens in between. */
    Map<TableName, State> now() throws SQLException {
        return look(session, tables);
    }

    /** The tables that there are of these, as they are now. Blocks on the server. */
    public static Map<TableName, State> look(PostgresSession session, List<TableName> tables) throws SQLException {
        String names = tables.stream()
                .map(t -> '(' + SqlNames.literal(t.namespace()) + ", " + SqlNames.literal(t.name()) + ')')
                .collect(Collectors.joining(", "));
        Map<TableName, State> states = new LinkedHashMap<>();
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(STATE.replace("$tables", names))) {
            while (row.next()) {
                states.put(
                        new TableName(row.getString(1), row.getString(2)),
                        new State(row.getString(3), String.valueOf(row.getString(4))));
            }
        }
        return states;
    }

    /**
     * Makes sure that what was read was there: of tables that could not be locked.
     *
     * @throws TransvaseException when it was not
     */
    void requireAllRead() throws SQLException {
        if (unlocked.isEmpty()) {
            return;
        }
        List<TableName> rewritten = rewritten(unlocked);
        if (!rewritten.isEmpty()) {
            throw TransvaseException.of(
                    TABLE_REWRITTEN,
                    rewritten.get(0)
                            + " was truncated or rewritten at the source while its snapshot was read; run the job"
                            + " again, which starts it over. A larger max_locks_per_transaction at the source lets"
                            + " the tables be locked, which prevents this",
                    null);
        }
    }

    /** Lets go of the tables. */
    @Override
    public void close() {
        session.close();
    }
}
