package dev.transvase.postgresql;

import static dev.transvase.postgresql.error.PostgresErrors.TRANSACTION_POOLER;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a connection leads through a pooler that lends sessions of the server from one transaction to the next. There
 * a setting, a lock or a snapshot would go to somebody else's session, and theirs would come here. A pooler that lends a session
 * for as long as the connection lasts does no harm.
 */
final class PoolerCheck {

    private static final Logger log = LoggerFactory.getLogger(PoolerCheck.class);

    private static final String PROCESS = "SELECT pg_catalog.pg_backend_pid()";
    private static final int ROUNDS = 3;

    private PoolerCheck() {}

    /**
     * Compares the server's process with the one that the login reported: they are the same unless there is a pooler in between.
     * Then two connections are asked in turn, which have each a process of its own in all rounds, or share some.
     *
     * @param other makes another connection
     * @return the server's process, when a pooler is in between; 0 otherwise
     * @throws TransvaseException USER when it is one that cannot be worked with
     */
    static int check(Connection connection, int reported, String servers, Other other) throws SQLException {
        int process = process(connection);
        if (process == reported) {
            return 0;
        }
        log.info(
                "the connection to {} goes through a pooler: the server process is {}, not {}",
                servers,
                process,
                reported);
        requireSame(process, connection, servers);
        try (Connection second = other.connect()) {
            for (int i = 0; i < ROUNDS; i++) {
                int others = process(second);
                if (others == process) {
                    throw refusal(servers, "two simultaneous connections reached the server process " + process);
                }
                requireSame(process, connection, servers);
            }
        } catch (SQLException e) {
            log.warn(
                    "no second connection to {} could be opened, so it is not known whether the pooler between uses"
                            + " transaction pooling, which would corrupt data: {}",
                    servers,
                    SqlErrors.message(e));
        }
        return process;
    }

    /** Makes connections. */
    @FunctionalInterface
    interface Other {

        Connection connect() throws SQLException;
    }

    /** Fails when the connection does not have the server's process that it had before. */
    static void requireSame(int process, Connection connection, String servers) throws SQLException {
        int now = process(connection);
        if (now != process) {
            throw refusal(servers, "one connection reached the server process " + process + ", then " + now);
        }
    }

    private static int process(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PROCESS)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static TransvaseException refusal(String servers, String why) {
        return TransvaseException.of(
                TRANSACTION_POOLER,
                "the connection to " + servers
                        + " goes through a pooler in transaction pooling mode (" + why
                        + "): settings, locks and snapshots of the job would be lost or mixed with those of others;"
                        + " point the data source's host and port to the server itself, or set pool_mode = session for"
                        + " this database in the pooler");
    }
}
