package dev.transvase.benchmarks;

import dev.transvase.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/** A server with the table, whose changes are followed or which takes them. Closing ends it. */
final class LogicalServer implements AutoCloseable {

    static final String DATABASE = "postgres";

    /** What follows the table, other than Transvase, which makes a publication of its own. */
    static final String PUBLICATION = "measured";

    /** What decides how safe a commit is stays as it is by default: on. */
    private static final Map<String, String> SETTINGS = Map.of(
            "wal_level", "logical",
            "max_replication_slots", "100",
            "max_wal_senders", "20",
            "shared_buffers", "512MB",
            "max_wal_size", "16GB",
            "checkpoint_timeout", "1h",
            "autovacuum", "off");

    private final PostgresServer server;

    private LogicalServer(PostgresServer server) {
        this.server = server;
    }

    static LogicalServer start() throws SQLException {
        LogicalServer started = new LogicalServer(NewestServer.start(SETTINGS));
        try (Connection connection = started.connect()) {
            OrdersTable.createEmpty(connection);
            started.execute(
                    "ALTER TABLE orders REPLICA IDENTITY FULL",
                    "CREATE PUBLICATION " + PUBLICATION + " FOR TABLE orders");
            return started;
        } catch (SQLException | RuntimeException e) {
            try (started) {
                throw e;
            }
        }
    }

    PostgresServer server() {
        return server;
    }

    /** A new connection, which the caller closes. */
    Connection connect() throws SQLException {
        return dataSource().getConnection(server.user(), server.password());
    }

    /** A new connection that can read a slot's stream, which the caller closes. */
    Connection connectForReplication() throws SQLException {
        PGSimpleDataSource source = dataSource();
        source.setProperty(PGProperty.REPLICATION, "database");
        source.setProperty(PGProperty.PREFER_QUERY_MODE, "simple");
        source.setProperty(PGProperty.ASSUME_MIN_SERVER_VERSION, "10");
        return source.getConnection(server.user(), server.password());
    }

    private PGSimpleDataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {server.host()});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName(DATABASE);
        source.setApplicationName("benchmark");
        return source;
    }

    /** As PostgreSQL's own programs want it; without the password. */
    String connectionString() {
        return "host=" + server.host() + " port=" + server.port() + " user=" + server.user() + " dbname=" + DATABASE;
    }

    void createSlot(String name) throws SQLException {
        execute("SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
    }

    /** Where the log ends. */
    String end() throws SQLException {
        return query("SELECT pg_current_wal_lsn()");
    }

    /** A figure for a slot that was not read to the end would be worth nothing. */
    void requireConfirmed(String slot, String end) throws SQLException {
        String sql = "SELECT confirmed_flush_lsn >= '%s'::pg_lsn FROM pg_replication_slots WHERE slot_name = '%s'";
        if (!"t".equals(query(sql.formatted(end, slot)))) {
            throw new IllegalStateException("The slot " + slot + " was not read up to " + end);
        }
    }

    /** What tells one content of the table from another. */
    String digest() throws SQLException {
        return query("SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM orders t");
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The one value that this gives. */
    String query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
