package dev.transvase.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.embedded.ServerSetup;
import dev.transvase.postgresql.PostgresDataSource.ChannelBinding;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.SeparatePostgres;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How servers may ask who a user is, and what is done while they have no time or no room. */
@TestInstance(Lifecycle.PER_CLASS)
class LoginIT {

    private static final String MANY_ROUNDS = "many_rounds";

    private SeparatePostgres server;
    private TestingDatabase database;

    @BeforeAll
    void start() throws SQLException {
        server = SeparatePostgres.start(
                TestingPostgres.newest().major(),
                new ServerSetup(
                        Map.of(),
                        List.of(
                                "host all scram    all scram-sha-256",
                                "host all md5      all md5",
                                "host all clear    all password",
                                "host all trusted  all trust",
                                "host all " + MANY_ROUNDS + " all scram-sha-256",
                                "host all all      all scram-sha-256"),
                        Map.of()));
        database = server.server().createDatabase();
        for (String user : List.of("scram", "clear", "trusted")) {
            database.execute(TlsServer.createRole(user));
        }
        database.execute("SET password_encryption = 'md5'", TlsServer.createRole("md5"));
        database.execute("SET scram_iterations = 200000", TlsServer.createRole(MANY_ROUNDS));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private PostgresDataSource source(String user, String requireAuth, int iterations, boolean clearText) {
        return source(database.host(), database.port(), user, Sources.PASSWORD, requireAuth, iterations, clearText);
    }

    private PostgresDataSource source(
            String host,
            int port,
            String user,
            String password,
            String requireAuth,
            int iterations,
            boolean clearText) {
        PostgresDataSource plain = Sources.of(host, port, database.name(), user, password);
        return new PostgresDataSource(
                plain.host(),
                plain.port(),
                plain.database(),
                plain.jdbcUrl(),
                plain.username(),
                plain.password(),
                plain.ssl(),
                plain.properties(),
                1,
                60,
                Optional.empty(),
                60,
                Optional.ofNullable(requireAuth),
                Optional.empty(),
                iterations,
                clearText,
                30);
    }

    private static String connect(PostgresDataSource source) {
        return new PostgresDataSourceTest(source).connect();
    }

    private static void assertRefused(PostgresDataSource source, String code, String... hints) {
        assertThatThrownBy(() -> connect(source))
                .isInstanceOfSatisfying(
                        TransvaseException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(hints)
                .satisfies(e -> assertThat(Sources.everything(e)).doesNotContain(Sources.PASSWORD));
    }

    @ParameterizedTest
    @CsvSource({
        "scram, scram-sha-256",
        "scram, '!password, !md5'",
        "md5, 'md5,scram-sha-256'",
        "clear, password",
        "trusted, none",
        "trusted, !md5",
        "clear,"
    })
    void anAllowedMethod(String user, String methods) {
        assertThat(connect(source(user, methods, 100_000, false))).contains(", user " + user + ", ");
    }

    @ParameterizedTest
    @CsvSource({
        "md5, scram-sha-256",
        "clear, scram-sha-256",
        "clear, '!password'",
        "trusted, scram-sha-256",
        "scram, none"
    })
    void anyOtherMethodIsRefused(String user, String methods) {
        assertRefused(
                source(user, methods, 100_000, false), "AUTHENTICATION_METHOD_REFUSED", "requireAuth", "pg_hba.conf");
    }

    @Test
    void aServerThatWantsThisMachineToHashOn() {
        assertRefused(source(MANY_ROUNDS, null, 100_000, false), "AUTHENTICATION_METHOD_REFUSED", "scramMaxIterations");
        assertThat(connect(source(MANY_ROUNDS, null, 200_000, false))).contains(MANY_ROUNDS);
    }

    @Test
    void aPasswordInClearTextLeavesTheMachineOnlyWhereThatIsAllowed() throws IOException {
        InetAddress outside = outside();
        try (FaultProxy proxy = FaultProxy.on(outside, database.host(), database.port())) {
            assertRefused(
                    source(proxy.host(), proxy.port(), "clear", Sources.PASSWORD, null, 100_000, false),
                    "CLEAR_TEXT_PASSWORD_REFUSED",
                    "allowClearTextPassword",
                    "scram-sha-256");
            assertThat(connect(source(proxy.host(), proxy.port(), "clear", Sources.PASSWORD, null, 100_000, true)))
                    .contains("user clear");
            assertThat(connect(source(proxy.host(), proxy.port(), "scram", Sources.PASSWORD, null, 100_000, false)))
                    .contains("user scram");
        }
    }

    /** An address of this machine that others reach it by, as far as the code can tell. */
    private static InetAddress outside() throws SocketException {
        Optional<InetAddress> found = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && address.getAddress().length == 4)
                .findFirst();
        Assumptions.assumeTrue(found.isPresent(), "a machine without a network");
        return found.get();
    }

    @Test
    void aLogInThatIsCutOffOrNotAnsweredIsTriedAgain() throws IOException {
        try (FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
            PostgresDataSource source =
                    source(proxy.host(), proxy.port(), "scram", Sources.PASSWORD, null, 100_000, false);
            List<String> told = new ArrayList<>();
            proxy.after(1, proxy::cut);
            PostgresSession.open(source, "test", told::add).close();
            assertThat(told).singleElement().asString().contains("during login", "retrying for up to 60 s");
            told.clear();
            proxy.stall();
            PostgresSession.open(source, "test", notice -> {
                        told.add(notice);
                        proxy.resume();
                    })
                    .close();
            assertThat(told).singleElement().asString().contains("no answer within 1 s", "retrying");
        }
    }

    @Test
    void aServerWithoutRoomIsTriedAgainAndAWrongPasswordIsNot() throws SQLException {
        database.execute("ALTER ROLE scram CONNECTION LIMIT 1");
        PostgresDataSource source = source("scram", null, 100_000, false);
        List<String> told = new ArrayList<>();
        try (PostgresSession only = PostgresSession.open(source, "test");
                PostgresSession second = PostgresSession.open(source, "test", notice -> {
                    told.add(notice);
                    only.close();
                })) {
            assertThat(second.version()).isNotEmpty();
            assertThat(told).singleElement().asString().contains("too many connections", "retrying for up to 60 s");
        } finally {
            database.execute("ALTER ROLE scram CONNECTION LIMIT -1");
        }
        told.clear();
        PostgresDataSource wrong = source(database.host(), database.port(), "scram", "wr0ng", null, 100_000, false);
        assertThatThrownBy(() -> PostgresSession.open(wrong, "test", told::add))
                .hasMessageContaining("refused the password");
        assertThat(told).isEmpty();
    }

    @Test
    void channelsAreBoundWhereThatIsSaid() {
        PostgresDataSource plain = source("scram", null, 100_000, false);
        PostgresDataSource bound = new PostgresDataSource(
                plain.host(),
                plain.port(),
                plain.database(),
                plain.jdbcUrl(),
                plain.username(),
                plain.password(),
                plain.ssl(),
                plain.properties(),
                10,
                60,
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.of(ChannelBinding.REQUIRE),
                100_000,
                false,
                30);
        assertRefused(bound, "CHANNEL_BINDING_FAILED", "channelBinding");
    }
}
