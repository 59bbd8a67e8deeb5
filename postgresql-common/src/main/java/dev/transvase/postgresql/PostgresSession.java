package dev.transvase.postgresql;

import static dev.transvase.postgresql.error.PostgresErrors.TIME_ZONE_UNKNOWN;

import dev.transvase.postgresql.socket.WatchedSocket;
import dev.transvase.postgresql.socket.WatchedSocket.Traffic;
import dev.transvase.postgresql.socket.WatchedSocketFactory;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Fix;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TimeZone;
import java.util.regex.Pattern;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection without time-outs, in UTF-8 and in the time zone that the data source says. All else is the server's own, so that
 * a job's SQL means what it means in any other session. Used by one thread at a time, except for {@link #cancel}.
 */
public final class PostgresSession implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PostgresSession.class);

    /** Such as GMT+8 or UTC-05:30. */
    private static final Pattern OFFSET = Pattern.compile("[A-Za-z]*[-+](?!0+(?::?0+)?$)[0-9]+(?::?[0-9]+)*");

    /**
     * What could end a long read or an idle snapshot. The driver begins transactions without stating their kind; the
     * server's default for that is not asked for.
     */
    private static final String SETTINGS = "SET statement_timeout = 0; SET lock_timeout = 0;"
            + " SET idle_in_transaction_session_timeout = 0;"
            + " SET default_transaction_isolation = 'read committed'; SET default_transaction_deferrable = off;"
            // A limit to what an index may find would leave rows out.
            + " SET gin_fuzzy_search_limit = 0;"
            // During a COPY the driver gathers what a trigger may say for each row, and nobody would read it.
            + " SET client_min_messages = 'error'";

    /** What the text of changes depends on; in sessions that send them there is no SQL but ours. */
    private static final String CHANGES_AS_TEXT =
            "; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET extra_float_digits = 3;"
                    + " SET bytea_output = 'hex'; SET lc_monetary = 'C'; SET search_path = ''";

    /** Why the server's own settings are not known. */
    static final String NOT_SEEN =
            "the login of the connection uses GSS, or an sslfactory other than the data source's";

    private static final String INVALID_PARAMETER = "22023";
    private static final String TIME_ZONE = "TimeZone";

    /** What the data source calls the server's own time zone. */
    private static final String OF_THE_SERVER = "server";

    private static final Driver DRIVER = driver();

    /** A long statement ends when its client has gone: a request to cancel may come before the statement does. */
    private static final String ENDS_WITH_ITS_CLIENT =
            "; SELECT pg_catalog.set_config('client_connection_check_interval', '5s', false)"
                    + " WHERE pg_catalog.strpos(pg_catalog.version(), 'linux') > 0";

    private static final int FIRST_THAT_MISSES_ITS_CLIENT = 14;

    private final Connection connection;
    private final PgConnection pg;
    private final Optional<WatchedSocket> socket;
    private final int majorVersion;
    private final String version;

    private final Optional<String> serverTimeZone;
    private final String servers;

    /** Looked up when it is asked for. */
    private Fix.Place place;

    /** The server's process behind a pooler; 0 without one. */
    private int pooledProcess;

    /** Set before the session is handed out. */
    private Optional<SessionWatch> watch = Optional.empty();

    /** Likewise. */
    private Optional<LockWatch> locks = Optional.empty();

    private PostgresSession(Connection connection, Optional<WatchedSocket> socket, String servers) throws SQLException {
        this.connection = connection;
        this.servers = servers;
        this.socket = socket;
        this.pg = connection.unwrap(PgConnection.class);
        this.majorVersion = connection.getMetaData().getDatabaseMajorVersion();
        this.version = firstWord(connection.getMetaData().getDatabaseProductVersion());
        this.serverTimeZone = socket.filter(s -> s.sawLogIn()).map(s -> pg.getParameterStatus(TIME_ZONE));
    }

    /**
     * The session's database, for statements that are to be run there. Blocks on the server the first time.
     *
     * @param side whose it is, for people: {@code source} or {@code target}
     */
    public Fix.Place place(String side) throws SQLException {
        if (place == null) {
            place = DatabaseIdentity.of(this, side, servers);
        }
        return place;
    }

    /**
     * Connects, to look something up or to prepare a job: a statement that waits for a lock of somebody else is given up after the data
     * source's {@code lockWaitSeconds}, and the session with it. Blocks for the data source's connect timeout at most.
     *
     * @param applicationName what the server's list of sessions shows, for example {@code transvase orders}
     * @throws TransvaseException that says what is wrong and what to do about it
     */
    public static PostgresSession open(PostgresDataSource source, String applicationName) {
        return openOnce(source, applicationName, Notices.NONE);
    }

    /**
     * As {@link #open(PostgresDataSource, String)}, and tries again for the data source's {@code connectRetrySeconds} while the
     * server has no time or no room for it. Blocks for that long, too.
     *
     * @param notices receives why it takes longer, and the lock that is waited for
     */
    public static PostgresSession open(PostgresDataSource source, String applicationName, Notices notices) {
        return ConnectRetries.of(source).open(() -> openOnce(source, applicationName, notices), notices);
    }

    /**
     * As {@link #open(PostgresDataSource, String)}.
     *
     * @param notices receives the lock that is waited for
     */
    public static PostgresSession openOnce(PostgresDataSource source, String applicationName, Notices notices) {
        return openToAnswer(
                source, applicationName, notices, Optional.of(Duration.ofSeconds(source.lockWaitSeconds())));
    }

    /**
     * As {@link #open(PostgresDataSource, String)}, for the work of a job: locks are waited for without a limit.
     *
     * @param notices receives the lock that is waited for
     */
    public static PostgresSession openToWork(PostgresDataSource source, String applicationName, Notices notices) {
        return openToAnswer(source, applicationName, notices, Optional.empty());
    }

    private static PostgresSession openToAnswer(
            PostgresDataSource source, String applicationName, Notices notices, Optional<Duration> lockWait) {
        PostgresSession session = open(source, ConnectionTarget.of(source, applicationName), Traffic.ANSWERS);
        session.watch(source, notices, lockWait);
        return session;
    }

    /** A session that is itself given up when the server takes longer to answer than it may take to connect. */
    static PostgresSession openToAsk(PostgresDataSource source) {
        ConnectionTarget target = ConnectionTarget.of(source, "transvase watch");
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

    /**
     * As {@link #openForReplication(PostgresDataSource, String)}, again and again as {@link #open(PostgresDataSource, String,
     * Notices)}.
     */
    public static PostgresSession openForReplication(
            PostgresDataSource source, String applicationName, Notices notices) {
        return ConnectRetries.of(source).open(() -> openForReplication(source, applicationName), notices);
    }

    private static PostgresSession open(PostgresDataSource source, ConnectionTarget target, Traffic traffic) {
        WatchedSocketFactory.choose(target.properties(), traffic, source.allowClearTextPassword());
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
            PostgresSession session = new PostgresSession(connection, socket, target.servers());
            if (traffic != Traffic.STREAM) {
                // Before anything is set: that would be set for others, too.
                session.pooledProcess = PoolerCheck.check(
                        connection,
                        session.pg.getBackendPID(),
                        target.servers(),
                        () -> connectToCompare(source, target));
            }
            session.settle(source, traffic);
            return session;
        } catch (SQLException e) {
            closeQuietly(connection);
            throw SqlErrors.translate(e, "preparing the session at " + target.servers());
        } catch (TransvaseException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    private static Connection connectToCompare(PostgresDataSource source, ConnectionTarget target) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(target.properties());
        WatchedSocketFactory.choose(properties, Traffic.ANSWERS, source.allowClearTextPassword());
        PGProperty.SOCKET_TIMEOUT.set(properties, PGProperty.CONNECT_TIMEOUT.getInt(properties));
        try {
            return connect(new ConnectionTarget(target.servers(), target.database(), target.url(), properties));
        } finally {
            WatchedSocketFactory.chosen(properties);
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
            throw new SQLException("the driver does not support this kind of URL", "08001");
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

    private void settle(PostgresDataSource source, Traffic traffic) throws SQLException {
        StringBuilder settings = new StringBuilder(SETTINGS);
        if (majorVersion >= 14) {
            settings.append("; SET idle_session_timeout = 0");
        }
        if (majorVersion >= 17) {
            settings.append("; SET transaction_timeout = 0");
        }
        if (majorVersion >= FIRST_THAT_MISSES_ITS_CLIENT && traffic != Traffic.STREAM) {
            settings.append(ENDS_WITH_ITS_CLIENT);
        }
        if (traffic == Traffic.STREAM) {
            settings.append(CHANGES_AS_TEXT);
        } else if (majorVersion < 12) {
            // The driver has set it.
            settings.append("; RESET extra_float_digits");
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(settings.toString());
        }
        if (traffic != Traffic.STREAM) {
            setTimeZone(source.timeZone());
        }
    }

    private void setTimeZone(Optional<String> wanted) throws SQLException {
        if (wanted.filter(OF_THE_SERVER::equals).isPresent()) {
            if (serverTimeZone.isEmpty()) {
                throw TransvaseException.of(
                        TIME_ZONE_UNKNOWN,
                        "the data source's timeZone is \"server\", but the server's own is unknown: " + NOT_SEEN
                                + "; name the zone in timeZone");
            }
            return;
        }
        if (wanted.filter(zone -> OFFSET.matcher(zone).matches()).isPresent()) {
            throw TransvaseException.of(
                    TIME_ZONE_UNKNOWN,
                    "the data source's timeZone \"" + wanted.get()
                            + "\" is an offset, not a zone: PostgreSQL reads its sign as west of Greenwich, most"
                            + " people as east; give the name of a zone, for example Asia/Shanghai");
        }
        String zone = wanted.orElseGet(PostgresSession::machinesTimeZone);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = " + SqlNames.literal(zone));
        } catch (SQLException e) {
            if (!INVALID_PARAMETER.equals(SqlErrors.sqlState(e))) {
                throw e;
            }
            throw TransvaseException.of(
                    TIME_ZONE_UNKNOWN,
                    "the server does not know the time zone \"" + zone + "\""
                            + (wanted.isPresent() ? ", the data source's timeZone" : ", this machine's")
                            + "; set the data source's timeZone to a name from pg_timezone_names, or to \"server\"",
                    e);
        }
    }

    /** As the server reads it: Java counts hours east of Greenwich as positive, POSIX those west of it. */
    static String machinesTimeZone() {
        String zone = TimeZone.getDefault().getID();
        if (zone.startsWith("GMT+")) {
            return "GMT-" + zone.substring(4);
        }
        return zone.startsWith("GMT-") ? "GMT+" + zone.substring(4) : zone;
    }

    private void watch(PostgresDataSource source, Notices notices, Optional<Duration> lockWait) {
        if (socket.isEmpty()) {
            return;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(Backend.QUERY)) {
            row.next();
            Backend backend = Backend.read(row);
            locks = Optional.of(
                    new LockWatch(source, backend, socket.get(), notices, lockWait, this::giveUpWaitingForLock));
            List<SessionWatch.Look> looks = new ArrayList<>(List.of(locks.get()));
            if (source.silenceTimeout() > 0) {
                looks.add(new SilenceWatch(source, backend, socket.get()));
            }
            watch = Optional.of(SessionWatch.start("watch of server process " + backend.pid(), looks));
        } catch (SQLException e) {
            closeQuietly(connection);
            throw SqlErrors.translate(e, "asking the server for its process");
        }
    }

    private void giveUpWaitingForLock(String why) {
        try {
            // First, so that whoever waits learns why; the server keeps waiting until it is cancelled.
            socket.orElseThrow().giveUpLock(why);
        } catch (IOException e) {
            log.debug("closing the socket of a session that is given up", e);
        }
        requestCancel();
    }

    /** The job is prepared, and the session works for it from here on: locks are waited for without a limit. */
    public void waitForLocks() {
        locks.ifPresent(LockWatch::liftLimit);
    }

    /** The connection; in auto-commit mode at first. */
    public Connection jdbc() {
        return connection;
    }

    /** The same connection with what PostgreSQL has beyond JDBC. */
    public PGConnection pg() {
        return pg;
    }

    /**
     * To be called as a transaction begins. Behind a pooler, asks the server whether it is still the same session; does nothing
     * otherwise.
     *
     * @throws TransvaseException when it is another one
     */
    public void requireSameServerSession() throws SQLException {
        if (pooledProcess != 0) {
            PoolerCheck.requireSame(pooledProcess, connection, servers);
        }
    }

    /** The session's time zone at present, as the server calls it. */
    public String timeZone() {
        return pg.getParameterStatus(TIME_ZONE);
    }

    /** The time zone that the session would be in had it not been set; empty when that could not be seen. */
    public Optional<String> serverTimeZone() {
        return serverTimeZone;
    }

    /** For example 16. */
    public int majorVersion() {
        return majorVersion;
    }

    /** For example {@code 16.15}. */
    public String version() {
        return version;
    }

    /** Whether a transaction is open, or has failed and is not ended. Does not ask the server. */
    public boolean isInTransaction() {
        return pg.getTransactionState() != TransactionState.IDLE;
    }

    /**
     * Makes a running or later statement fail soon: closes the socket, so that a blocked read ends, and asks the server to
     * cancel what still runs. In that order, as another thread may be about to send the next statement. A server before 14 is
     * asked before, too: behind a pooler the request reaches nobody once the connection is closed. The session is of no use
     * afterwards. Called from any thread, perhaps more than once; blocks for two seconds at most, when the network is
     * dead.
     */
    public void cancel() {
        if (majorVersion < FIRST_THAT_MISSES_ITS_CLIENT) {
            requestCancel();
        }
        try {
            // First what lies beneath TLS, which would wait for a blocked write to say goodbye.
            if (socket.isPresent()) {
                socket.get().end();
            }
        } catch (IOException e) {
            log.debug("closing the socket of a cancelled session", e);
        }
        requestCancel();
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            log.debug("closing a cancelled session", e);
        }
        watch.ifPresent(SessionWatch::close);
    }

    /** Asks on a connection of its own; the driver's cancelQuery() would not once this one counts as closed. */
    private void requestCancel() {
        try {
            pg.getQueryExecutor().sendQueryCancel();
        } catch (SQLException e) {
            log.debug("cancelling what a session runs", e);
        }
    }

    /** Ends the session; what is not committed is rolled back by the server. Does not fail. */
    @Override
    public void close() {
        closeQuietly(connection);
        watch.ifPresent(SessionWatch::close);
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
