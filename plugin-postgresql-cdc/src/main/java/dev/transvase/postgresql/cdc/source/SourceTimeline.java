package dev.transvase.postgresql.cdc.source;

import static dev.transvase.postgresql.cdc.error.CdcErrors.SOURCE_SET_BACK;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.spi.error.TransvaseException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLState;

/**
 * Which of a cluster's histories a server goes on with. A standby that takes over and a server that is restored begin a new one,
 * with a number of its own, at a place in the log of the old one: what that had behind this place, the new one does not know.
 */
public final class SourceTimeline {

    private static final Pattern LINE =
            Pattern.compile("^\\s*(\\d+)\\s+([0-9A-Fa-f]+/[0-9A-Fa-f]+)", Pattern.MULTILINE);

    /** Tells the history of a timeline as the server keeps it. */
    public interface History {

        /** Blocks on the server. */
        String of(int timeline) throws SQLException;
    }

    private SourceTimeline() {}

    /**
     * The number of the server's timeline. Blocks on the server.
     *
     * @throws SQLException also when the server is a standby, which may take over soon
     */
    public static int current(PostgresSession session) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN NULL"
                                + " ELSE pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8) END")) {
            row.next();
            if (row.getString(1) == null) {
                throw new SQLException("the server is currently a standby", PSQLState.CONNECTION_FAILURE.getState());
            }
            return Integer.parseUnsignedInt(row.getString(1), 16);
        }
    }

    /** Over a session for replication. */
    public static String history(PostgresSession replication, int timeline) throws SQLException {
        try (Statement statement = replication.jdbc().createStatement();
                ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + Integer.toUnsignedString(timeline))) {
            row.next();
            return row.getString(2);
        }
    }

    /**
     * Makes sure that the server knows all that the target has.
     *
     * @param known the timeline that the position is of; 0 when that is not known
     * @param now the server's
     * @param position the target has all before it
     * @throws TransvaseException when it does not
     */
    public static void require(int known, int now, Lsn position, History history) throws SQLException {
        if (known == 0 || known == now) {
            return;
        }
        Optional<Lsn> left = left(known, history.of(now));
        if (left.isPresent() && !left.get().isBefore(position)) {
            return;
        }
        throw TransvaseException.of(
                SOURCE_SET_BACK,
                "the source is now on timeline " + now + ", which "
                        + (left.isPresent()
                                ? "left timeline " + known + " at " + left.get()
                                : "does not descend from timeline " + known)
                        + ", while the target has the changes of timeline " + known + " up to " + position
                        + ": the source was restored, or a standby took over before it had received everything, and"
                        + " the target has changes that the source has lost. Compare the two, remove the stream with"
                        + " `transvase cdc drop`"
                        + " and start over");
    }

    /** Where the timeline with this history left another one. */
    private static Optional<Lsn> left(int timeline, String history) {
        Matcher line = LINE.matcher(history);
        while (line.find()) {
            if (Integer.parseUnsignedInt(line.group(1)) == timeline) {
                return Optional.of(Lsn.parse(line.group(2)));
            }
        }
        return Optional.empty();
    }
}
