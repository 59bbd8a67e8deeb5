package dev.transvase.postgresql.cdc.pgoutput;

import dev.transvase.postgresql.PostgresSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * How long the two ends of a stream wait for each other.
 *
 * @param silence a server that is asked and says nothing for so long is given up
 * @param status how often, at least, the server gets a status and is asked for one
 */
public record StreamTimes(Duration silence, Duration status) {

    private static final Duration LONGEST_STATUS = Duration.ofSeconds(5);

    /** One that is late, or lost with its connection, is not the end of it yet. */
    private static final int STATUSES_IN_TIME = 3;

    /**
     * The times that fit both sides' patience.
     *
     * @param silence a server that is asked and says nothing for this long is given up
     * @param senderTimeout after which the server gives up a client that says nothing; zero when it never does
     */
    public static StreamTimes of(Duration silence, Duration senderTimeout) {
        Duration status = shorter(LONGEST_STATUS, silence.dividedBy(STATUSES_IN_TIME));
        return new StreamTimes(
                silence, senderTimeout.isZero() ? status : shorter(status, senderTimeout.dividedBy(STATUSES_IN_TIME)));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** What {@code wal_sender_timeout} is for sessions such as this one. Blocks on the server. */
    public static Duration senderTimeout(PostgresSession session) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT setting::pg_catalog.int8 FROM pg_catalog.pg_settings WHERE name ="
                                + " 'wal_sender_timeout'")) {
            row.next();
            return Duration.ofMillis(row.getLong(1));
        }
    }
}
