package dev.transvase.postgresql.writer.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A transaction as the server can be asked about it later, when the answer to its commit was lost.
 *
 * <p>A server that crashed may give the number of a transaction to another one, when nothing of the first had reached its
 * log; so after a crash "committed" alone proves nothing. All else still does, because the first is over then.
 *
 * @param id its number
 * @param log where the server's log ended before the transaction wrote to it
 * @param session in which it was begun
 */
record TransactionMark(long id, String log, SessionMark session) {

    private static final String BEGIN =
            "SELECT pg_catalog.txid_current(), pg_catalog.pg_current_wal_insert_lsn()::pg_catalog.text,"
                    // What is counted as written has to outlive a crash.
                    + " CASE WHEN pg_catalog.current_setting('synchronous_commit') = 'off'"
                    + " THEN pg_catalog.set_config('synchronous_commit', 'local', true) END";

    /** A server in recovery knows less than the one it follows. */
    private static final String ASK = "SELECT pg_catalog.pg_is_in_recovery(),"
            + " coalesce(pg_catalog.to_char(pg_catalog.timezone('UTC', pg_catalog.pg_stat_get_bgwriter_stat_reset_time()), 'YYYY-MM-DD HH24:MI:SS.US'), '') <> ?,"
            + " coalesce(pg_catalog.pg_last_wal_replay_lsn() <= ?::pg_catalog.pg_lsn, false),"
            + " CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.txid_status(?) END";

    /** No transaction has had this number yet. */
    private static final String INVALID_PARAMETER = "22023";

    /** What became of it. */
    enum Outcome {
        COMMITTED,
        /** Nothing of it is left, nor will be. */
        UNDONE,
        /** That may still change. */
        PENDING,
        UNKNOWN
    }

    /** Begins a transaction, in a round trip that a COPY would need for it anyway. */
    static TransactionMark begin(Connection connection, SessionMark session) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(BEGIN)) {
            row.next();
            return new TransactionMark(row.getLong(1), row.getString(2), session);
        }
    }

    /** @param connection another session, in auto-commit mode */
    Outcome ask(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ASK)) {
            statement.setString(1, session.statisticsSince());
            statement.setString(2, log);
            statement.setLong(3, id);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return outcome(row.getBoolean(1), row.getBoolean(2), row.getBoolean(3), row.getString(4));
            }
        } catch (SQLException e) {
            if (INVALID_PARAMETER.equals(e.getSQLState())) {
                return Outcome.UNDONE;
            }
            throw e;
        }
    }

    /**
     * @param recovering whether the server is a standby, or not ready
     * @param crashed whether it has crashed since, or is another one
     * @param cutOff whether its log was recovered to a point before the transaction; of meaning after a crash only
     * @param status what it says of the number; null when it does not know any more
     */
    static Outcome outcome(boolean recovering, boolean crashed, boolean cutOff, String status) {
        if (recovering) {
            return Outcome.PENDING;
        }
        if (crashed && cutOff) {
            return Outcome.UNDONE;
        }
        return switch (status == null ? "" : status) {
            case "committed" -> crashed ? Outcome.UNKNOWN : Outcome.COMMITTED;
            case "aborted" -> Outcome.UNDONE;
            case "in progress" -> crashed ? Outcome.UNDONE : Outcome.PENDING;
            default -> Outcome.UNKNOWN;
        };
    }
}
