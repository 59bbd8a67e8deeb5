package dev.transvase.postgresql.writer.session;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a session is known by once it is lost.
 *
 * @param pid of its process
 * @param startedAt when that was started; another process may get its number
 * @param statisticsSince when the server's statistics begin: they outlive an orderly restart, and no crash
 */
record SessionMark(int pid, String startedAt, String statisticsSince) {

    private static final String OWN =
            "SELECT pid, coalesce(pg_catalog.to_char(pg_catalog.timezone('UTC', backend_start), 'YYYY-MM-DD HH24:MI:SS.US'), ''),"
                    + " coalesce(pg_catalog.to_char(pg_catalog.timezone('UTC', pg_catalog.pg_stat_get_bgwriter_stat_reset_time()), 'YYYY-MM-DD HH24:MI:SS.US'), '')"
                    + " FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid()";

    /** Not while it waits for a synchronous standby: to end that wait would be to do without the standby. */
    private static final String END = "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
            + " WHERE pid = ? AND pg_catalog.to_char(pg_catalog.timezone('UTC', backend_start), 'YYYY-MM-DD HH24:MI:SS.US') = ? AND wait_event IS DISTINCT FROM 'SyncRep'";

    static SessionMark of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(OWN)) {
            row.next();
            return new SessionMark(row.getInt(1), row.getString(2), row.getString(3));
        }
    }

    /**
     * Ends it, should the server not have noticed that its client is gone: it would keep what it has locked until then.
     *
     * @param connection another session of the same user
     */
    void end(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(END)) {
            statement.setInt(1, pid);
            statement.setString(2, startedAt);
            statement.execute();
        }
    }
}
