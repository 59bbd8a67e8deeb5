package dev.transvase.postgresql.writer.session;

import dev.transvase.postgresql.sql.SqlErrors;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Which server answers, and where its log is: what a server that comes back can be compared with.
 *
 * @param recovering whether it is a standby, or not ready
 * @param system the identifier of its data directory, which standbys share; empty when the user may not ask for it
 * @param timeline of its log; 0 while it is recovering
 * @param statisticsSince when its statistics begin, in microseconds: they outlive an orderly stop, and no crash
 * @param log where its log ends; 0 while it is recovering
 * @param recovered where the recovery ended that it began with; 0 when there was none since it was started
 */
public record ServerState(
        boolean recovering, String system, int timeline, String statisticsSince, long log, long recovered) {

    private static final String ASK = "SELECT pg_catalog.pg_is_in_recovery(), CASE WHEN pg_catalog.pg_is_in_recovery()"
            + " THEN '0' ELSE pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()),"
            + " 1, 8) END,"
            + " coalesce((pg_catalog.date_part('epoch', pg_catalog.pg_stat_get_bgwriter_stat_reset_time()) * 1000000)::"
            + "pg_catalog.int8::pg_catalog.text, ''),"
            + " CASE WHEN pg_catalog.pg_is_in_recovery() THEN '0/0' ELSE"
            + " pg_catalog.pg_current_wal_insert_lsn()::pg_catalog.text END,"
            + " coalesce(pg_catalog.pg_last_wal_replay_lsn()::pg_catalog.text, '0/0')";

    private static final String SYSTEM =
            "SELECT system_identifier::pg_catalog.text FROM pg_catalog.pg_control_system()";

    /** Asks it. In auto-commit mode, so that what the user may not ask for costs no transaction. */
    static ServerState of(Connection connection) throws SQLException {
        String system = system(connection);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ASK)) {
            row.next();
            return new ServerState(
                    row.getBoolean(1),
                    system,
                    Integer.parseUnsignedInt(row.getString(2), 16),
                    row.getString(3),
                    lsn(row.getString(4)),
                    lsn(row.getString(5)));
        }
    }

    private static String system(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SYSTEM)) {
            return row.next() ? row.getString(1) : "";
        } catch (SQLException e) {
            String state = SqlErrors.sqlState(e);
            if (state.startsWith("42") || state.startsWith("0A")) {
                return ""; // some who run servers for others take this function away
            }
            throw e;
        }
    }

    static long lsn(String text) {
        return LogSequenceNumber.valueOf(text).asLong();
    }

    static String shown(long lsn) {
        return LogSequenceNumber.valueOf(lsn).asString();
    }

    /**
     * Why a commit may be gone that the server of an earlier state has confirmed; empty when all that was in its log is there.
     * Both states are of servers that can be written to.
     *
     * @param commit up to where the log was durable when it was confirmed
     */
    Optional<String> lossSince(ServerState earlier, long commit) {
        if (!system.equals(earlier.system)) {
            return Optional.of("another server answers now (system identifier " + named(system) + ", before it was "
                    + named(earlier.system) + ")");
        }
        String last = ", the last commit was at " + shown(commit);
        if (timeline != earlier.timeline && (timeline != earlier.timeline + 1 || recovered == 0)) {
            return Optional.of("the server came back on timeline " + timeline + ", before it was on " + earlier.timeline
                    + ": another server has taken over, and it is unknown from which point");
        }
        if (recoveredSince(earlier) && recovered != 0 && recovered < commit) {
            return Optional.of((timeline == earlier.timeline ? "the server crashed" : "a standby took over")
                    + " and recovered up to " + shown(recovered) + last);
        }
        if (log < commit) {
            return Optional.of("the server came back in an older state (its log ends at " + shown(log) + last + ")");
        }
        return Optional.empty();
    }

    /** Whether it is the same server, as far as its log can tell: a standby that takes over begins a timeline of its own. */
    boolean isSameAs(ServerState other) {
        return system.equals(other.system) && timeline == other.timeline;
    }

    /** What it is known by, for people. */
    String named() {
        return "system identifier " + named(system) + ", timeline " + timeline;
    }

    private static String named(String system) {
        return system.isEmpty() ? "unknown" : system;
    }

    /** Whether it may have gone through a recovery since the other state: a crash, or the promotion of a standby. */
    boolean recoveredSince(ServerState earlier) {
        return timeline != earlier.timeline || !statisticsSince.equals(earlier.statisticsSince);
    }
}
