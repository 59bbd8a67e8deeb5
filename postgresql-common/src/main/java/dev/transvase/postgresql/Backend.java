package dev.transvase.postgresql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The server's side of a session.
 *
 * @param pid its process, as the server itself calls it
 * @param address of the server as it sees itself
 * @param serverStart when the server was started
 * @param opened when the session was, by the server's clock
 */
record Backend(int pid, String address, String serverStart, String opened) {

    static final String ADDRESS =
            "pg_catalog.concat_ws(':', pg_catalog.inet_server_addr(), pg_catalog.inet_server_port())";

    static final String START = inUtc("pg_catalog.pg_postmaster_start_time()");

    /** Of the session that asks. */
    static final String QUERY = "SELECT pg_catalog.pg_backend_pid(), " + ADDRESS + ", " + START + ", "
            + inUtc("pg_catalog.clock_timestamp()");

    private static final String SAME = "SELECT " + ADDRESS + " = ? AND " + START + " = ?";

    /** A time as text that is the same in every session, and later where the time is. */
    private static String inUtc(String time) {
        return "pg_catalog.to_char(pg_catalog.timezone('UTC', " + time + "), 'YYYY-MM-DD HH24:MI:SS.US')";
    }

    static Backend read(ResultSet row) throws SQLException {
        return new Backend(row.getInt(1), row.getString(2), row.getString(3), row.getString(4));
    }

    /** Whether a session leads to the same server: there may be several behind one name. */
    boolean isAtServerOf(PostgresSession other) throws SQLException {
        try (PreparedStatement statement = other.jdbc().prepareStatement(SAME)) {
            statement.setString(1, address);
            statement.setString(2, serverStart);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
