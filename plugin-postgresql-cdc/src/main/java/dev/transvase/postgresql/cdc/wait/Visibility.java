package dev.transvase.postgresql.cdc.wait;

import dev.transvase.postgresql.Blockers;
import dev.transvase.postgresql.PostgresSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Tells why a transaction that the stream has brought is not visible to others yet. */
public final class Visibility {

    private Visibility() {}

    /** Names the transaction, what it waits for and its session as far as the role may see them. Blocks on the server. */
    public static String describe(PostgresSession session, int xid) throws SQLException {
        String number = Integer.toUnsignedString(xid);
        List<String> who = new ArrayList<>();
        String standbys;
        try (Statement statement = session.jdbc().createStatement()) {
            Blockers.sessions(
                    statement,
                    "SELECT pid FROM pg_catalog.pg_stat_activity WHERE backend_xid::pg_catalog.text = '" + number
                            + '\'',
                    who);
            try (ResultSet row =
                    statement.executeQuery("SELECT pg_catalog.current_setting('synchronous_standby_names')")) {
                row.next();
                standbys = row.getString(1);
            }
        }
        return "transaction " + number + " is in the source's log but not yet visible there"
                + (standbys.isEmpty()
                        ? ""
                        : ": it waits for a synchronous standby (synchronous_standby_names '" + standbys
                                + "'), which may be down")
                + (who.isEmpty() ? "" : "; " + String.join("; ", who))
                + ". The stream continues once it is visible";
    }
}
