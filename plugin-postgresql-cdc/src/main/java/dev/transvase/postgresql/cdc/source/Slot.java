package dev.transvase.postgresql.cdc.source;

import static dev.transvase.postgresql.cdc.error.CdcErrors.SLOT_ACTIVE;
import static dev.transvase.postgresql.cdc.error.CdcErrors.SLOT_OF_ANOTHER_DATABASE;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.TransvaseException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * A replication slot as the server shows it.
 *
 * @param name its name
 * @param plugin its output plugin; empty for a physical slot
 * @param database the one it belongs to
 * @param here whether that is the database of who asks
 * @param activePid the server process that uses it; 0 when none does
 * @param restart the server keeps its log from here on; {@link Lsn#NONE} when it has lost it
 * @param confirmed transactions that were committed before are not sent any more
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved}, {@code lost}; empty before PostgreSQL 13
 * @param invalidation why the server has given it up; empty when it has not, and before PostgreSQL 17
 * @param retainedBytes of log that is kept for it
 * @param lagBytes of log that has not been confirmed
 */
public record Slot(
        String name,
        String plugin,
        String database,
        boolean here,
        int activePid,
        Lsn restart,
        Lsn confirmed,
        String walStatus,
        String invalidation,
        long retainedBytes,
        long lagBytes) {

    public static final String PLUGIN = "pgoutput";

    /** The SQL state that tells that another session uses it (object_in_use). */
    public static final String IN_USE = "55006";

    /** The slot of this name. Blocks on the server. */
    public static Optional<Slot> find(PostgresSession session, String name) throws SQLException {
        String sql = "SELECT coalesce(plugin, ''), coalesce(database, ''),"
                + " coalesce(database = pg_catalog.current_database(), false), coalesce(active_pid, 0),"
                + " coalesce(restart_lsn, '0/0'), coalesce(confirmed_flush_lsn, '0/0'), "
                + (session.majorVersion() >= 13 ? "coalesce(wal_status, '')" : "''") + ", "
                + (session.majorVersion() >= 17 ? "coalesce(invalidation_reason, '')" : "''")
                + ", coalesce(pg_catalog.pg_wal_lsn_diff(now.lsn, restart_lsn), 0)::pg_catalog.int8,"
                + " coalesce(pg_catalog.pg_wal_lsn_diff(now.lsn, confirmed_flush_lsn), 0)::pg_catalog.int8"
                + " FROM pg_catalog.pg_replication_slots,"
                + " (SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()"
                + " ELSE pg_catalog.pg_current_wal_lsn() END AS lsn) AS now WHERE slot_name = ?";
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                return Optional.of(new Slot(
                        name,
                        row.getString(1),
                        row.getString(2),
                        row.getBoolean(3),
                        row.getInt(4),
                        Lsn.parse(row.getString(5)),
                        Lsn.parse(row.getString(6)),
                        row.getString(7),
                        row.getString(8),
                        row.getLong(9),
                        row.getLong(10)));
            }
        }
    }

    /**
     * Makes sure that it is of the database of who asked for it.
     *
     * @throws TransvaseException when another job, of another database, has one by this name
     */
    public void requireHere() {
        if (plugin.equals(PLUGIN) && !here) {
            throw TransvaseException.of(
                    SLOT_OF_ANOTHER_DATABASE,
                    "the replication slot " + name + " belongs to database " + database
                            + " and so to another job there;" + " choose another solutionId");
        }
    }

    /** Where the server's log ended when it was asked. */
    public Lsn end() {
        return new Lsn(confirmed.value() + lagBytes);
    }

    public boolean active() {
        return activePid != 0;
    }

    /** Whether the server has thrown away log that the slot was to keep. */
    public boolean lost() {
        return walStatus.equals("lost") || !invalidation.isEmpty() || restart.equals(Lsn.NONE);
    }

    /** Of a lost one, what has become of it. */
    public String loss() {
        return switch (invalidation) {
            case "idle_timeout" ->
                "the server has invalidated the replication slot " + name + ", which was idle for longer than"
                        + " idle_replication_slot_timeout; raise that, or run the job more often. The log that it"
                        + " kept is gone";
            case "wal_level_insufficient" ->
                "the server has invalidated the replication slot " + name + ", because wal_level was no longer"
                        + " logical. The log that it kept is gone";
            default ->
                "the server has removed log that the replication slot " + name + " needs (wal_status " + walStatus
                        + ", see max_slot_wal_keep_size)";
        };
    }

    /** Who uses it, for messages: process, application and address where that may be seen. Blocks on the server. */
    public static String holder(PostgresSession session, int pid) throws SQLException {
        String sql = "SELECT pg_catalog.concat_ws(', ', nullif(application_name, ''), usename, client_addr)"
                + " FROM pg_catalog.pg_stat_activity WHERE pid = " + pid;
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            String who = row.next() ? row.getString(1) : "";
            return "process " + pid + (who.isEmpty() ? "" : " (" + who + ')');
        }
    }

    /**
     * Where a new slot begins.
     *
     * @param consistent what was committed before is in the snapshot, all else in the stream
     * @param snapshot exported, for as long as the session does nothing else; empty when none was asked for
     */
    public record Created(Lsn consistent, String snapshot) {}

    /**
     * Makes a slot. Blocks until transactions that are in progress have ended.
     *
     * @param session for replication
     */
    public static Created create(PostgresSession session, String name, boolean export) throws SQLException {
        return create(session, name, "", export);
    }

    /**
     * As {@link #create(PostgresSession, String, boolean)}, of a slot that goes with the session.
     *
     * @param session for replication
     */
    public static Created createTemporary(PostgresSession session, String name, boolean export) throws SQLException {
        return create(session, name, " TEMPORARY", export);
    }

    private static Created create(PostgresSession session, String name, String kind, boolean export)
            throws SQLException {
        String sql = "CREATE_REPLICATION_SLOT " + name + kind + " LOGICAL " + PLUGIN
                + (export ? " EXPORT_SNAPSHOT" : " NOEXPORT_SNAPSHOT");
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            String snapshot = row.getString("snapshot_name");
            return new Created(Lsn.parse(row.getString("consistent_point")), snapshot == null ? "" : snapshot);
        }
    }

    /**
     * Removes a slot that is there.
     *
     * @throws TransvaseException when somebody uses it
     */
    public static void drop(PostgresSession session, String name) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("SELECT pg_catalog.pg_drop_replication_slot(" + SqlNames.literal(name) + ')');
        } catch (SQLException e) {
            if (!SqlErrors.sqlState(e).equals(IN_USE)) {
                throw e;
            }
            Optional<Slot> slot = find(session, name);
            throw TransvaseException.of(
                    SLOT_ACTIVE,
                    "the replication slot " + name + " is in use by "
                            + (slot.isPresent() ? holder(session, slot.get().activePid()) : "another session")
                            + "; end it first",
                    e);
        }
    }
}
