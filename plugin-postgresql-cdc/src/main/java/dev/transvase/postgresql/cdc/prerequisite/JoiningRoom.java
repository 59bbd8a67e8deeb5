package dev.transvase.postgresql.cdc.prerequisite;

import static dev.transvase.postgresql.cdc.error.CdcErrors.NO_REPLICATION_SLOT;
import static dev.transvase.postgresql.cdc.error.CdcErrors.NO_WAL_SENDER;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.Fix;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Whether the server has room for tables to join a stream, which takes a temporary slot and, while the others are read up to there, a
 * WAL sender for each of the two. To be known before the publication is changed.
 */
public final class JoiningRoom {

    private JoiningRoom() {}

    /**
     * Checks it. Blocks on the server.
     *
     * @param slot of the stream; who uses it still is waited for, and does not count
     * @param senders that are needed at a time
     */
    public static void check(PostgresSession session, String slot, int senders, Checks checks) throws SQLException {
        String sql = "SELECT pg_catalog.current_setting('max_wal_senders')::pg_catalog.int8,"
                + " (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_replication r WHERE NOT EXISTS"
                + " (SELECT FROM pg_catalog.pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_name = "
                + SqlNames.literal(slot) + ")),"
                + " pg_catalog.current_setting('max_replication_slots')::pg_catalog.int8,"
                + " (SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots)";
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            long mostSenders = row.getLong(1);
            long mostSlots = row.getLong(3);
            if (mostSenders - row.getLong(2) < senders) {
                String more = "ALTER SYSTEM SET max_wal_senders = " + (mostSenders + 10);
                checks.error(
                        "datasource",
                        Finding.of(
                                        NO_WAL_SENDER,
                                        "tables that join the stream need " + senders + " WAL senders, but "
                                                + row.getLong(2) + " of " + mostSenders
                                                + " are in use (max_wal_senders)",
                                        "end one, see pg_stat_replication, or run " + more + " and restart the server")
                                .mendedBy(Fix.mend(session.place("source"), more)));
            }
            if (mostSlots <= row.getLong(4)) {
                String more = "ALTER SYSTEM SET max_replication_slots = " + (mostSlots + 10);
                checks.error(
                        "datasource",
                        Finding.of(
                                        NO_REPLICATION_SLOT,
                                        "tables that join the stream temporarily need one more replication slot,"
                                                + " but all " + mostSlots + " are in use (max_replication_slots)",
                                        "drop one that is no longer needed, see pg_replication_slots, or run " + more
                                                + " and restart the server")
                                .mendedBy(Fix.mend(session.place("source"), more)));
            }
        }
    }
}
