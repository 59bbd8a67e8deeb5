package dev.transvase.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A database of one test, dropped on close together with the roles that were made for it. Not for use by several threads
 * at once, except for {@link #connect()} and what opens a connection of its own.
 */
public final class TestingDatabase implements AutoCloseable {
    private static final int DROP_ATTEMPTS = 100;

    private final TestingPostgres server;
    private final String name;
    private final List<String> logins = new ArrayList<>();
    private final KeptSession session = new KeptSession(this::connect);

    TestingDatabase(TestingPostgres server, String name) {
        this.server = server;
        this.name = name;
    }

    public TestingPostgres server() {
        return server;
    }

    public String host() {
        return server.host();
    }

    public int port() {
        return server.port();
    }

    /** Plain: it needs no quotes. */
    public String name() {
        return name;
    }

    /** A superuser. */
    public String user() {
        return server.user();
    }

    public String password() {
        return server.password();
    }

    /** Without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host() + ":" + port() + "/" + name;
    }

    /** A new connection as the superuser; the caller closes it. */
    public Connection connect() throws SQLException {
        return server.connect(name, user(), password());
    }

    /** A new connection as another role. */
    public Connection connect(TestingLogin login) throws SQLException {
        return server.connect(name, login.user(), login.password());
    }

    /** Makes a role without any privilege but to connect, for tests of what is refused; it goes with this database. */
    public TestingLogin createLogin() throws SQLException {
        TestingLogin login = new TestingLogin("login_" + TestingPostgres.randomHex(), TestingPostgres.randomHex());
        execute("CREATE ROLE " + login.user() + " LOGIN PASSWORD '" + login.password() + "'");
        logins.add(login.user());
        return login;
    }

    /** Runs statements one by one, each committed on its own, in one session; what they set there ends with the call. */
    public void execute(String... statements) throws SQLException {
        session.use(connection -> {
            Sql.execute(connection, statements);
            return null;
        });
        for (String sql : statements) {
            if (sql.startsWith("ALTER DATABASE") || sql.startsWith("ALTER ROLE") || sql.startsWith("ALTER USER")) {
                // What later sessions begin with.
                session.close();
            }
        }
    }

    /** All rows as text, NULL as null. */
    public List<List<String>> query(String sql) throws SQLException {
        return session.use(connection -> Sql.query(connection, sql));
    }

    /** The first column of all rows as text, NULL as null. */
    public List<String> queryForList(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        query(sql).forEach(row -> values.add(row.get(0)));
        return values;
    }

    /** The only row's first column as text, NULL as null; another number of rows is an error. */
    public String queryForString(String sql) throws SQLException {
        List<String> values = queryForList(sql);
        if (values.size() != 1) {
            throw new IllegalStateException("Expected one row, found " + values.size() + ": " + sql);
        }
        return values.get(0);
    }

    @Override
    public void close() {
        try (Connection connection = server.connect("postgres", user(), password())) {
            session.close();
            Sql.execute(connection, "ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
            endSessions(connection);
            Sql.query(
                    connection,
                    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '" + name
                            + "'");
            Sql.execute(connection, "DROP DATABASE " + name);
            for (String login : logins) {
                Sql.execute(connection, "DROP ROLE " + login);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot drop the database " + name, e);
        }
    }

    /** A session takes a moment to end, and keeps its slot and the database until then. */
    private void endSessions(Connection connection) throws SQLException {
        String end =
                "SELECT pg_terminate_backend(pid), pg_sleep(0.02) FROM pg_stat_activity WHERE datname = '" + name + "'";
        for (int attempt = 0; attempt < DROP_ATTEMPTS; attempt++) {
            if (Sql.query(connection, end).isEmpty()) {
                return;
            }
        }
        throw new IllegalStateException("Sessions of the database " + name + " do not end");
    }
}
