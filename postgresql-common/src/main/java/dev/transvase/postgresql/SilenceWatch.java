package dev.transvase.postgresql;

import dev.transvase.postgresql.socket.WatchedSocket;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.TransvaseException;
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
 *
 * <p>One daemon thread for each session, which waits nearly always; {@link #close} ends it.
 */
final class SilenceWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SilenceWatch.class);

    private static final int BAD_ANSWERS = 3;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final String ADDRESS =
            "pg_catalog.concat_ws(':', pg_catalog.inet_server_addr(), pg_catalog.inet_server_port())";

    private static final String START = inUtc("pg_catalog.pg_postmaster_start_time()");

    private static final String QUERY = "SELECT " + ADDRESS + " = ?, " + START + " = ?, " + START
            + " COLLATE pg_catalog.\"C\" > ?, a.pid IS NOT NULL,"
            + " COALESCE(CASE WHEN a.wait_event_type = 'Client' THEN a.wait_event END, '')"
            + " FROM (SELECT ?::pg_catalog.int4 AS pid) w LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = w.pid";

    private final PostgresDataSource source;
    private final Backend backend;
    private final WatchedSocket socket;
    private final long limitNanos;

    /** Guards {@link #closed} and is notified of it. */
    private final Object lock = new Object();

    private boolean closed;

    private SilenceWatch(PostgresDataSource source, Backend backend, WatchedSocket socket) {
        this.source = source;
        this.backend = backend;
        this.socket = socket;
        this.limitNanos = TimeUnit.SECONDS.toNanos(source.silenceTimeout());
    }

    /**
     * The server's side of a session.
     *
     * @param pid its process, as the server itself calls it
     * @param address of the server as it sees itself
     * @param serverStart when the server was started
     * @param opened when the session was, by the server's clock
     */
    record Backend(int pid, String address, String serverStart, String opened) {

        /** Of the session that asks. */
        static final String QUERY = "SELECT pg_catalog.pg_backend_pid(), " + ADDRESS + ", " + START + ", "
                + inUtc("pg_catalog.clock_timestamp()");

        static Backend read(ResultSet row) throws SQLException {
            return new Backend(row.getInt(1), row.getString(2), row.getString(3), row.getString(4));
        }
    }

    /** A time as text that is the same in every session, and later where the time is. */
    private static String inUtc(String time) {
        return "pg_catalog.to_char(pg_catalog.timezone('UTC', " + time + "), 'YYYY-MM-DD HH24:MI:SS.US')";
    }

    static SilenceWatch start(PostgresDataSource source, Backend backend, WatchedSocket socket) {
        SilenceWatch watch = new SilenceWatch(source, backend, socket);
        Thread thread = new Thread(watch::run, "watch of server process " + backend.pid());
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }

    private void run() {
        int bad = 0;
        long pause = limitNanos;
        while (awaitClosed(pause)) {
            long quiet = socket.quietNanos();
            if (quiet < limitNanos) {
                bad = 0;
                pause = limitNanos - quiet;
                continue;
            }
            Optional<String> problem = ask();
            bad = problem.isPresent() ? bad + 1 : 0;
            pause = problem.isPresent() ? Math.min(PAUSE_NANOS, limitNanos) : limitNanos;
            quiet = socket.quietNanos();
            if (problem.isPresent()) {
                log.debug("silent for {} s: {}", TimeUnit.NANOSECONDS.toSeconds(quiet), problem.get());
            }
            if (bad == BAD_ANSWERS && quiet >= limitNanos) {
                giveUp("the server has been silent for " + TimeUnit.NANOSECONDS.toSeconds(quiet) + " s, and "
                        + problem.get());
                return;
            }
        }
    }

    /** Waits; false once the session was closed. */
    private boolean awaitClosed(long nanos) {
        long deadline = System.nanoTime() + nanos;
        synchronized (lock) {
            long left = nanos;
            while (left > 0 && !closed) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(lock, left);
                } catch (InterruptedException e) {
                    // Nobody else knows this thread; then it is to end.
                    return false;
                }
                left = deadline - System.nanoTime();
            }
            return !closed;
        }
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
                    ? Optional.of("it was started anew after this session had begun")
                    : Optional.empty();
        }
        if (!there) {
            return Optional.of("its process " + backend.pid() + " for this session is gone");
        }
        return switch (row.getString(5)) {
            case "ClientRead" -> Optional.of("it waits for this side, too");
            case "ClientWrite" -> Optional.of("what it sends does not arrive");
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
