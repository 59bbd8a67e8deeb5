package dev.sluice.postgresql;

import dev.sluice.postgresql.WatchedSocket.Traffic;
import dev.sluice.spi.SluiceException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection whose settings are the same wherever it is opened: UTF-8, ISO dates in UTC, exact floats, no time-outs. Used
 * by one thread at a time, except for {@link #cancel}.
 */
public final class PostgresSession implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PostgresSession.class);

    /** What the text form of values depends on, and what could end a long read or an idle snapshot. */
    private static final String SETTINGS =
            "SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC';"
                    + " SET extra_float_digits = 3; SET bytea_output = 'hex'; SET xmloption = 'content'; SET array_nulls = on;"
                    + " SET statement_timeout = 0; SET lock_timeout = 0;"
                    + " SET idle_in_transaction_session_timeout = 0;"
                    // During a COPY the driver gathers what a trigger may say for each row, and nobody would read it.
                    + " SET client_min_messages = 'error'";

    private static final Driver DRIVER = driver();

    private final Connection connection;
    private final PGConnection pg;
    private final Optional<WatchedSocket> socket;
    private final int majorVersion;
    private final String version;

    /** Set before the session is handed out. */
    private Optional<SilenceWatch> watch = Optional.empty();

    private PostgresSession(Connection connection, Optional<WatchedSocket> socket) throws SQLException {
        this.connection = connection;
        this.socket = socket;
        this.pg = connection.unwrap(PGConnection.class);
        this.majorVersion = connection.getMetaData().getDatabaseMajorVersion();
        this.version = firstWord(connection.getMetaData().getDatabaseProductVersion());
    }

    /**
     * Connects. Blocks for the data source's connect timeout at most.
     *
     * @param applicationName what the server's list of sessions shows, for example {@code sluice orders}
     * @throws SluiceException that says what is wrong and what to do about it
     */
    public static PostgresSession open(PostgresDataSource source, String applicationName) {
        PostgresSession session = open(source, ConnectionTarget.of(source, applicationName), Traffic.ANSWERS);
        session.watch(source);
        return session;
    }

    /** A session that is itself given up when the server takes longer to answer than it may take to connect. */
    static PostgresSession openToAsk(PostgresDataSource source) {
        ConnectionTarget target = ConnectionTarget.of(source, "sluice watch");
        PGProperty.SOCKET_TIMEOUT.set(target.properties(), source.connectTimeout());
        return open(source, target, Traffic.ANSWERS);
    }

    /**
     * Connects to the server's side that sends replication streams, which takes replication commands beside simple SQL. Blocks
     * and fails as {@link #open} does. Silence on it is not watched: the server sends signs of life, which its user awaits.
     */
    public static PostgresSession openForReplication(PostgresDataSource source, String applicationName) {
        ConnectionTarget target = ConnectionTarget.of(source, applicationName);
        PGProperty.REPLICATION.set(target.properties(), "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(target.properties(), "10");
        PGProperty.PREFER_QUERY_MODE.set(target.properties(), "simple");
        return open(source, target, Traffic.STREAM);
    }

    private static PostgresSession open(PostgresDataSource source, ConnectionTarget target, Traffic traffic) {
        WatchedSocketFactory.choose(target.properties(), traffic);
        Connection connection;
        Optional<WatchedSocket> socket;
        try {
            connection = connect(target);
        } catch (SQLException e) {
            throw ConnectErrors.translate(e, target, source);
        } finally {
            socket = WatchedSocketFactory.chosen(target.properties());
        }
        try {
            PostgresSession session = new PostgresSession(connection, socket);
            session.settle();
            return session;
        } catch (SQLException e) {
            closeQuietly(connection);
            throw SqlErrors.translate(e, "preparing the session at " + target.servers());
        }
    }

    /**
     * Asks the driver itself: going through {@link java.sql.DriverManager}, as the driver's data sources do too, would let
     * that class hold on to this plugin's class loader.
     */
    private static Connection connect(ConnectionTarget target) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(target.properties());
        Connection connection = DRIVER.connect(target.url(), properties);
        if (connection == null) {
            throw new SQLException("the driver does not know this kind of URL", "08001");
        }
        return connection;
    }

    /** The driver's class registers itself; in a plugin's class loader that is undone, so that the loader can go. */
    private static Driver driver() {
        Driver driver = new Driver();
        if (PostgresSession.class.getClassLoader() != ClassLoader.getSystemClassLoader() && Driver.isRegistered()) {
            try {
                Driver.deregister();
            } catch (SQLException e) {
                log.debug("the driver stays registered", e);
            }
        }
        return driver;
    }

    private void settle() throws SQLException {
        StringBuilder settings = new StringBuilder(SETTINGS);
        if (majorVersion >= 14) {
            settings.append("; SET idle_session_timeout = 0");
        }
        if (majorVersion >= 17) {
            settings.append("; SET transaction_timeout = 0");
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(settings.toString());
        }
    }

    private void watch(PostgresDataSource source) {
        if (socket.isEmpty() || source.silenceTimeout() == 0) {
            return;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SilenceWatch.Backend.QUERY)) {
            row.next();
            watch = Optional.of(SilenceWatch.start(source, SilenceWatch.Backend.read(row), socket.get()));
        } catch (SQLException e) {
            closeQuietly(connection);
            throw SqlErrors.translate(e, "asking the server for its process");
        }
    }

    /** The connection; in auto-commit mode at first. */
    public Connection jdbc() {
        return connection;
    }

    /** The same connection with what PostgreSQL has beyond JDBC. */
    public PGConnection pg() {
        return pg;
    }

    /** For example 16. */
    public int majorVersion() {
        return majorVersion;
    }

    /** For example {@code 16.15}. */
    public String version() {
        return version;
    }

    /**
     * Makes a running or later statement fail soon: asks the server to cancel it, then closes the socket, so that a
     * blocked read ends. The session is of no use afterwards. Called from any thread, perhaps more than once; blocks for
     * two seconds at most, when the network is dead.
     */
    public void cancel() {
        try {
            if (connection.isClosed()) {
                return;
            }
            pg.cancelQuery();
        } catch (SQLException e) {
            log.debug("the server was not reached to cancel a statement; closing the socket all the same", e);
        }
        try {
            // First what lies beneath TLS, which would wait for a blocked write to say goodbye.
            if (socket.isPresent()) {
                socket.get().close();
            }
            connection.abort(Runnable::run);
        } catch (IOException | SQLException e) {
            log.debug("closing the socket of a cancelled session", e);
        }
        watch.ifPresent(SilenceWatch::close);
    }

    /** Ends the session; what is not committed is rolled back by the server. Does not fail. */
    @Override
    public void close() {
        closeQuietly(connection);
        watch.ifPresent(SilenceWatch::close);
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            log.debug("closing a session", e);
        }
    }

    /** Debian and others write more behind the number: {@code 16.4 (Debian 16.4-1)}. */
    private static String firstWord(String text) {
        int space = text.indexOf(' ');
        return space < 0 ? text : text.substring(0, space);
    }
}
