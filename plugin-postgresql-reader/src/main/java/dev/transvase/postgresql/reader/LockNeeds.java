package dev.transvase.postgresql.reader;

import dev.transvase.postgresql.PostgresSession;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;

/** How many locks it takes to hold tables, and what the server has to be set to for them. */
final class LockNeeds {

    private static final String SQL = "WITH RECURSIVE tree (oid) AS ("
            + "SELECT x::pg_catalog.int8::pg_catalog.oid FROM pg_catalog.unnest(?::pg_catalog.text[]) x"
            + " UNION SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid)"
            + " SELECT (SELECT pg_catalog.count(*) FROM tree) + (SELECT pg_catalog.count(*) FROM pg_catalog.pg_index"
            + " WHERE indrelid IN (SELECT oid FROM tree)),"
            + " pg_catalog.current_setting('max_connections')::pg_catalog.int8"
            + " + pg_catalog.current_setting('max_prepared_transactions')::pg_catalog.int8,"
            + " pg_catalog.current_setting('max_locks_per_transaction')::pg_catalog.int8";

    private LockNeeds() {}

    /**
     * What to add to an error of the server that has no room for more locks: its room is the setting times the connections
     * that it allows, for all sessions together.
     *
     * @param session whose transaction has failed; it is rolled back
     * @param tables the OIDs of what is to be held
     */
    static String reported(PostgresSession session, Collection<Integer> tables) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("ROLLBACK");
        }
        try (PreparedStatement statement = session.jdbc().prepareStatement(SQL)) {
            Object[] oids = tables.stream().map(Integer::toUnsignedString).toArray();
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long locks = row.getLong(1);
                long now = row.getLong(3);
                return "these tables need " + locks + " locks; max_locks_per_transaction is " + now
                        + " and must be at least " + (now + locks / row.getLong(2) + 1);
            }
        }
    }
}
