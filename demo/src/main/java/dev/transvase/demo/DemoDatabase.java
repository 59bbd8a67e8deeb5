package dev.transvase.demo;

import dev.transvase.embedded.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The database {@code shop} on one of the servers, and the role it belongs to: an ordinary one, since moving rows needs
 * no superuser, and to follow their changes takes REPLICATION only.
 */
final class DemoDatabase {
    static final String NAME = "shop";
    static final String ROLE = "demo";

    private final PostgresServer server;
    private final String version;

    private DemoDatabase(PostgresServer server, String version) {
        this.server = server;
        this.version = version;
    }

    /** Makes role and database on a server that has neither. */
    static DemoDatabase create(PostgresServer server) throws SQLException {
        try (Connection connection = connect(server, "postgres", server.user());
                Statement statement = connection.createStatement()) {
            // The password is base64: it holds no quote.
            statement.execute("CREATE ROLE " + ROLE + " LOGIN REPLICATION PASSWORD '" + server.password() + "'");
            statement.execute("CREATE DATABASE " + NAME + " OWNER " + ROLE);
            return new DemoDatabase(server, connection.getMetaData().getDatabaseProductVersion());
        }
    }

    /** A new connection as {@link #ROLE}; the caller closes it. */
    Connection connect() throws SQLException {
        return connect(server, NAME, ROLE);
    }

    String host() {
        return server.host();
    }

    int port() {
        return server.port();
    }

    /** Of {@link #ROLE}. */
    String password() {
        return server.password();
    }

    /** For example {@code PostgreSQL 18.6}. */
    String version() {
        return "PostgreSQL " + version;
    }

    /** Without user and password. */
    String jdbcUrl() {
        return "jdbc:postgresql://" + host() + ":" + port() + "/" + NAME;
    }

    String dataFolder() {
        return server.dataFolder().toString();
    }

    private static Connection connect(PostgresServer server, String database, String user) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {server.host()});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName(database);
        source.setApplicationName("transvase demo");
        return source.getConnection(user, server.password());
    }
}
