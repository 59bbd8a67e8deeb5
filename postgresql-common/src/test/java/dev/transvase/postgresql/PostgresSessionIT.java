package dev.transvase.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.tls.Ssl;
import dev.transvase.postgresql.tls.SslMode;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingLogin;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.copy.CopyIn;

class PostgresSessionIT {

    private TestingDatabase database;

    @BeforeEach
    void create() {
        database = TestingPostgres.newest().createDatabase();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    static List<Integer> majors() {
        return TestingPostgres.majors();
    }

    private static String ask(PostgresSession session, String sql) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @ParameterizedTest
    @MethodSource("majors")
    void noSessionEndsByItself(int major) throws SQLException {
        try (TestingDatabase other = TestingPostgres.major(major).createDatabase()) {
            other.execute("ALTER DATABASE " + other.name() + " SET statement_timeout = '5s'");
            try (PostgresSession session = PostgresSession.open(Sources.of(other), "transvase orders")) {
                assertThat(session.majorVersion()).isEqualTo(major);
                assertThat(session.version()).startsWith(major + ".");
                assertThat(ask(session, "SELECT current_setting('statement_timeout')"))
                        .isEqualTo("0");
                assertThat(ask(session, "SELECT current_setting('client_encoding')"))
                        .isEqualTo("UTF8");
                assertThat(ask(session, "SELECT current_setting('application_name')"))
                        .isEqualTo("transvase orders");
            }
            assertThat(new PostgresDataSourceTest(Sources.of(other)).connect())
                    .startsWith("PostgreSQL " + major + ".")
                    .endsWith(", database " + other.name() + ", user " + other.user() + ", no TLS");
        }
    }

    private static TransvaseException refusal(PostgresDataSource source) {
        try (PostgresSession session = PostgresSession.open(source, "test")) {
            throw new AssertionError("connected to " + session.version());
        } catch (TransvaseException e) {
            assertThat(e.type()).isEqualTo(ErrorType.EXTERNAL);
            assertThat(e).hasMessageNotContaining(Sources.PASSWORD);
            return e;
        }
    }

    @Test
    void aWrongPassword() {
        TransvaseException e = refusal(
                Sources.of(database.host(), database.port(), database.name(), database.user(), Sources.PASSWORD));
        assertThat(e.code()).isEqualTo("AUTHENTICATION_FAILED");
        assertThat(e)
                .hasMessageContaining(database.host() + ':' + database.port())
                .hasMessageContaining(database.user())
                .hasMessageContaining(
                        "update the data source, run `transvase datasource test NAME`, then run the job again");
    }

    @Test
    void aPasswordInTheUrlDoesNotShow() {
        TransvaseException e = refusal(Sources.url(
                database.jdbcUrl() + "?password=" + Sources.PASSWORD, "nobody", Sources.PASSWORD, Map.of()));
        assertThat(e.code()).isEqualTo("AUTHENTICATION_FAILED");
        Throwable cause = e;
        while (cause != null) {
            assertThat(cause.toString()).doesNotContain(Sources.PASSWORD);
            cause = cause.getCause();
        }
    }

    @Test
    void noPasswordAtAll() {
        PostgresDataSource source = Sources.of(database);
        TransvaseException e = refusal(new PostgresDataSource(
                source.host(),
                source.port(),
                source.database(),
                Optional.empty(),
                source.username(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                10,
                60,
                Optional.empty(),
                60,
                Optional.empty(),
                Optional.empty(),
                100_000,
                false,
                30));
        assertThat(e.code()).isEqualTo("AUTHENTICATION_FAILED");
        assertThat(e).hasMessageContaining("the data source has none");
    }

    @Test
    void aDatabaseThatIsNotThere() {
        TransvaseException e =
                refusal(Sources.of(database.host(), database.port(), "nowhere", database.user(), database.password()));
        assertThat(e.code()).isEqualTo("DATABASE_NOT_FOUND");
        assertThat(e).hasMessageContaining("nowhere");
    }

    @Test
    void noPrivilegeToConnect() throws SQLException {
        TestingLogin login = database.createLogin();
        database.execute("REVOKE CONNECT ON DATABASE " + database.name() + " FROM PUBLIC");
        TransvaseException e =
                refusal(Sources.of(database.host(), database.port(), database.name(), login.user(), login.password()));
        assertThat(e.code()).isEqualTo("CONNECTION_REJECTED");
        assertThat(e).hasMessageContaining("GRANT CONNECT ON DATABASE");
    }

    @Test
    void aRoleThatMayNotLogIn() throws SQLException {
        TestingLogin login = database.createLogin();
        database.execute("ALTER ROLE " + login.user() + " NOLOGIN");
        TransvaseException e =
                refusal(Sources.of(database.host(), database.port(), database.name(), login.user(), login.password()));
        assertThat(e.code()).isEqualTo("CONNECTION_REJECTED");
    }

    @Test
    void nobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        TransvaseException e = refusal(Sources.of("127.0.0.1", port, "d", "u", Sources.PASSWORD));
        assertThat(e.code()).isEqualTo("CONNECTION_REFUSED");
        assertThat(e).hasMessageContaining("127.0.0.1:" + port);
    }

    @Test
    void anUnknownHost() {
        TransvaseException e = refusal(Sources.of("no-such-host.invalid", 5432, "d", "u", Sources.PASSWORD));
        assertThat(e.code()).isEqualTo("UNKNOWN_HOST");
    }

    @Test
    void aServerThatDoesNotAnswer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            TransvaseException e = refusal(new PostgresDataSource(
                    Optional.of("127.0.0.1"),
                    silent.getLocalPort(),
                    Optional.of("d"),
                    Optional.empty(),
                    "u",
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    1,
                    60,
                    Optional.empty(),
                    60,
                    Optional.empty(),
                    Optional.empty(),
                    100_000,
                    false,
                    30));
            assertThat(e.code()).isEqualTo("CONNECTION_TIMEOUT");
            assertThat(e).hasMessageContaining("within 1 s");
        }
    }

    @Test
    void aServerThatHangsUp() throws IOException {
        try (FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
            proxy.after(1, proxy::cut);
            TransvaseException e = refusal(
                    Sources.of(proxy.host(), proxy.port(), database.name(), database.user(), database.password()));
            assertThat(e.code()).isEqualTo("CONNECTION_LOST");
        }
    }

    @Test
    void preferWithoutATruststoreIsPlain() throws SQLException {
        Ssl ssl = new Ssl(
                SslMode.PREFER,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThat(new PostgresDataSourceTest(Sources.with(Sources.of(database), ssl)).connect())
                .endsWith("no TLS");
    }

    @Test
    void cancelEndsAStatementOnTheServerToo() throws Exception {
        try (PostgresSession session = PostgresSession.open(Sources.of(database), "to be cancelled")) {
            CompletableFuture<String> sleeping = CompletableFuture.supplyAsync(() -> {
                try {
                    return ask(session, "SELECT pg_sleep(600)");
                } catch (SQLException e) {
                    throw SqlErrors.translate(e, "sleeping");
                }
            });
            String active = "SELECT count(*) FROM pg_stat_activity"
                    + " WHERE application_name = 'to be cancelled' AND state = 'active'";
            while (!database.queryForString(active).equals("1")) {
                Thread.onSpinWait();
            }
            session.cancel();
            session.cancel();
            assertThatThrownBy(sleeping::get).cause().isInstanceOf(TransvaseException.class);
            while (!database.queryForString(active).equals("0")) {
                Thread.onSpinWait();
            }
        }
    }

    /** The driver would keep an error for each time it asks for an answer: this ends, or the heap does. */
    @Test
    void oneThatIsCancelledWhileItAbandonsACopyEnds() throws Exception {
        database.execute("CREATE TABLE t (note text)");
        byte[] rows = "some rows\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        Random random = new Random(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 100; i++) {
                try (PostgresSession session = PostgresSession.open(Sources.of(database), "test")) {
                    CopyIn copy = session.pg().getCopyAPI().copyIn("COPY t FROM STDIN");
                    copy.writeToCopy(rows, 0, rows.length);
                    int steps = random.nextInt(20_000);
                    CyclicBarrier together = new CyclicBarrier(2);
                    Future<?> cancelling = other.submit(() -> {
                        together.await();
                        for (int step = 0; step < steps; step++) {
                            Thread.onSpinWait();
                        }
                        session.cancel();
                        return null;
                    });
                    together.await();
                    try {
                        copy.cancelCopy();
                    } catch (SQLException e) {
                        assertThat(SqlErrors.isConnectionLost(e)).isTrue();
                    }
                    cancelling.get();
                }
            }
        } finally {
            other.shutdown();
        }
        assertThat(database.queryForString("SELECT count(*) FROM t")).isEqualTo("0");
    }

    @Test
    void theServersWordsOnAViolationCanBeHad() throws SQLException {
        database.execute(
                "CREATE TABLE t (id int CONSTRAINT t_key UNIQUE, n int NOT NULL)", "INSERT INTO t VALUES (1, 1)");
        try (PostgresSession session = PostgresSession.open(Sources.of(database), "test");
                Statement statement = session.jdbc().createStatement()) {
            assertThatThrownBy(() -> statement.execute("INSERT INTO t VALUES (1, 1)"))
                    .isInstanceOfSatisfying(SQLException.class, e -> {
                        assertThat(SqlErrors.isDirty(e)).isTrue();
                        assertThat(SqlErrors.constraint(e)).isEqualTo("t_key");
                        assertThat(SqlErrors.message(e))
                                .contains("Key (id)=(1)")
                                .endsWith("(SQLSTATE 23505)");
                    });
            assertThatThrownBy(() -> statement.execute("INSERT INTO t VALUES (2, NULL)"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(SqlErrors.column(e)).isEqualTo("n"));
        }
    }
}
