package dev.transvase.postgresql;

import dev.transvase.postgresql.socket.WatchedSocket;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a session that waits for a server which is not at work for it: behind a network that swallows everything, or a
 * firewall that has forgotten the connection. How long a statement takes says nothing, so after some time of silence a
 * connection of its own asks the server what it does. Several answers in a row have to be bad.
 */
final class SilenceWatch implements SessionWatch.Look {

    private static final Logger log = LoggerFactory.getLogger(SilenceWatch.class);

    private static final int BAD_ANSWERS = 3;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final String QUERY =
            "SELECT " + Backend.ADDRESS + " = ?, " + Backend.START + " = ?, " + Backend.START
                    + " COLLATE pg_catalog.\"C\" > ?, a.pid IS NOT NULL,"
                    + " COALESCE(CASE WHEN a.wait_event_type = 'Client' THEN a.wait_event END, '')"
                    + " FROM (SELECT ?::pg_catalog.int4 AS pid) w LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid ="
                    + " w.pid";

    private final PostgresDataSource source;
    private final Backend backend;
    private final WatchedSocket socket;
    private final long limitNanos;

    /** How many answers in a row were bad. */
    private int bad;

    SilenceWatch(PostgresDataSource source, Backend backend, WatchedSocket socket) {
        this.source = source;
        this.backend = backend;
        this.socket = socket;
        this.limitNanos = TimeUnit.SECONDS.toNanos(source.silenceTimeout());
    }

    @Override
    public long firstNanos() {
        return limitNanos;
    }

    @Override
    public long look() {
        long quiet = socket.quietNanos();
        if (quiet < limitNanos) {
            bad = 0;
            return limitNanos - quiet;
        }
        Optional<String> problem = ask();
        bad = problem.isPresent() ? bad + 1 : 0;
        quiet = socket.quietNanos();
        if (problem.isPresent()) {
            log.debug("silent for {} s: {}", TimeUnit.NANOSECONDS.toSeconds(quiet), problem.get());
        }
        if (bad == BAD_ANSWERS && quiet >= limitNanos) {
            giveUp("the server has sent nothing for " + TimeUnit.NANOSECONDS.toSeconds(quiet) + " s, and "
                    + problem.get());
            return NO_MORE;
        }
        return problem.isPresent() ? Math.min(PAUSE_NANOS, limitNanos) : limitNanos;
    }

    /** What speaks against waiting any longer. */
    private Optional<String> ask() {
        try (PostgresSession other = PostgresSession.openToAsk(source);
                PreparedStatement statement = other.jdbc().prepareStatement(QUERY)) {
            statement.setString(1, backend.address());
            statement.setString(2, backend.serverStart());
            statement.setString(3, backend.opened());
            statement.setInt(4, backend.pid());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return judge(row);
            }
        } catch (TransvaseException e) {
            // Whatever else the server says, it is there, and only that can be known.
            return SqlErrors.isUnreachable(e)
                    ? Optional.of("no other connection can be made (" + e.getMessage() + ")")
                    : Optional.empty();
        } catch (SQLException e) {
            return SqlErrors.isConnectionLost(e)
                    ? Optional.of("another connection was lost as well (" + SqlErrors.message(e) + ")")
                    : Optional.empty();
        }
    }

    private Optional<String> judge(ResultSet row) throws SQLException {
        boolean sameAddress = row.getBoolean(1);
        boolean sameStart = row.getBoolean(2);
        boolean startedSince = row.getBoolean(3);
        boolean there = row.getBoolean(4);
        if (!sameStart) {
            // Else there are several servers behind one name, and this is another one.
            return sameAddress && startedSince
                    ? Optional.of("it was restarted after this session began")
                    : Optional.empty();
        }
        if (!there) {
            return Optional.of("process " + backend.pid() + " of this session no longer exists");
        }
        return switch (row.getString(5)) {
            case "ClientRead" -> Optional.of("it waits for this client as well");
            case "ClientWrite" -> Optional.of("the data it sends does not arrive");
            default -> Optional.empty();
        };
    }

    private void giveUp(String why) {
        try {
            socket.giveUp(why);
        } catch (IOException e) {
            log.debug("closing the socket of a session that is given up", e);
        }
    }
}
