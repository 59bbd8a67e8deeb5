package dev.transvase.postgresql.cdc.wait;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Describes those at the server that are waited for: what is needed to find and end them. */
final class Others {

    private static final int MOST_QUERY = 200;

    private Others() {}

    /**
     * Sessions with process, user, age and query. Others' than one's own are shown with their process and user alone, unless the
     * role may see more.
     *
     * @param pids a query for their processes
     * @param into where they are added to
     */
    static void sessions(Statement statement, String pids, List<String> into) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT b.pid,"
                + " pg_catalog.concat_ws(', ', nullif(a.application_name, ''), a.usename, a.client_addr),"
                + " pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - a.xact_start)::pg_catalog.text,"
                + " coalesce(a.state, ''), pg_catalog.left(coalesce(a.query, ''), " + MOST_QUERY + ')'
                + " FROM (SELECT DISTINCT p.pid FROM (" + pids + ") AS p (pid) WHERE p.pid <> 0) b"
                + " LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid ORDER BY a.xact_start, b.pid")) {
            while (row.next()) {
                String age = row.getString(3);
                into.add("process " + row.getInt(1) + " (" + row.getString(2) + ')'
                        + (age == null
                                ? ""
                                : ", whose transaction is " + age + " old and " + row.getString(4) + ": "
                                        + row.getString(5)));
            }
        }
    }

    /**
     * Prepared transactions.
     *
     * @param transactions a query for their numbers, and any others
     * @param into where they are added to
     */
    static void prepared(Statement statement, String transactions, List<String> into) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT p.gid, p.owner, p.database,"
                + " pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - p.prepared)::pg_catalog.text"
                + " FROM pg_catalog.pg_prepared_xacts p WHERE p.transaction::pg_catalog.text IN"
                + " (SELECT t.xid::pg_catalog.text FROM (" + transactions + ") AS t (xid)) ORDER BY p.prepared")) {
            while (row.next()) {
                into.add("the prepared transaction '" + row.getString(1) + "' of " + row.getString(2) + " in database "
                        + row.getString(3) + ", " + row.getString(4)
                        + " old, which COMMIT PREPARED or ROLLBACK PREPARED ends");
            }
        }
    }
}
