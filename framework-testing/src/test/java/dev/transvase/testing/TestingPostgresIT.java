package dev.transvase.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.embedded.StopMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TestingPostgresIT {
    static List<TestingPostgres> oldestAndNewest() {
        return List.of(TestingPostgres.oldest(), TestingPostgres.newest());
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aDatabaseIsFreshAndGoesWithItsSessionsSlotsAndRoles(TestingPostgres server) throws SQLException {
        TestingDatabase database = server.createDatabase();
        TestingLogin login;
        Connection open;
        try (database) {
            login = database.createLogin();
            database.execute(
                    "CREATE TABLE pair (id int, name text)",
                    "INSERT INTO pair VALUES (1, 'one'), (2, NULL)",
                    "SELECT pg_create_logical_replication_slot('slot_" + database.name() + "', 'pgoutput')");
            open = database.connect();

            assertThat(database.query("SELECT * FROM pair ORDER BY id"))
                    .containsExactly(List.of("1", "one"), Arrays.asList("2", null));
            assertThat(database.queryForList("SELECT name FROM pair ORDER BY id"))
                    .containsExactly("one", null);
            assertThat(database.queryForString("SELECT count(*) FROM pair")).isEqualTo("2");
            assertThatThrownBy(() -> database.queryForString("SELECT id FROM pair"))
                    .hasMessageContaining("Expected one row, found 2");
            assertSqlState("42501", () -> {
                try (Connection connection = database.connect(login)) {
                    Sql.query(connection, "SELECT * FROM pair");
                }
            });
        }

        assertThat(open.isValid(0)).isFalse();
        try (TestingDatabase other = server.createDatabase()) {
            assertThat(other.name()).isNotEqualTo(database.name());
            assertThat(other.query("SELECT 1 FROM pg_class WHERE relname = 'pair'"))
                    .isEmpty();
            assertThat(other.query("SELECT 1 FROM pg_database WHERE datname = '" + database.name() + "'"))
                    .isEmpty();
            assertThat(other.query("SELECT 1 FROM pg_roles WHERE rolname = '" + login.user() + "'"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void theServerHasItsVersionAndSettingsAndAsksForThePassword(TestingPostgres server) throws SQLException {
        try (TestingDatabase database = server.createDatabase()) {
            assertThat(database.queryForString("SHOW server_version_num")).startsWith(server.major() + "0");
            assertThat(database.queryForString("SHOW wal_level")).isEqualTo("logical");
            assertThat(database.queryForString("SHOW max_connections")).isEqualTo("300");
            assertThat(database.queryForString("SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(database.queryForString("SELECT rolpassword FROM pg_authid WHERE rolname = current_user"))
                    .startsWith("SCRAM-SHA-256$");

            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(database.jdbcUrl());
            source.getConnection(database.user(), database.password()).close();
            assertSqlState(
                    "28P01",
                    () -> source.getConnection(database.user(), "wrong").close());
        }
    }

    @Test
    void aMajorIsStartedOnce() {
        assertThat(TestingPostgres.major(TestingPostgres.newest().major())).isSameAs(TestingPostgres.newest());
    }

    @Test
    void aDatabaseMayHaveAnotherEncoding() throws SQLException {
        String options = "TEMPLATE template0 ENCODING 'EUC_CN' LC_COLLATE 'C' LC_CTYPE 'C'";
        try (TestingDatabase database = TestingPostgres.newest().createDatabase(options)) {
            assertThat(database.queryForString("SHOW server_encoding")).isEqualTo("EUC_CN");
        }
    }

    @Test
    void aSeparateServerCrashesAndComesBackWithItsDataAndSettings() throws SQLException {
        int major = TestingPostgres.newest().major();
        try (SeparatePostgres separate = SeparatePostgres.start(major, Map.of("work_mem", "7MB"))) {
            TestingPostgres server = separate.server();
            assertThat(server).isNotSameAs(TestingPostgres.newest());
            try (TestingDatabase database = server.createDatabase()) {
                database.execute("SET synchronous_commit = on", "CREATE TABLE kept AS SELECT 1 AS id");
                separate.stop(StopMode.IMMEDIATE);
                assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
                separate.start();
                assertThat(database.queryForString("SELECT count(*) FROM kept")).isEqualTo("1");
                assertThat(database.queryForString("SHOW work_mem")).isEqualTo("7MB");
            }
        }
    }

    @Test
    void aFaultProxyStandsBetweenAConnectionAndItsServer() throws Exception {
        try (TestingDatabase database = TestingPostgres.newest().createDatabase();
                FaultProxy proxy = FaultProxy.to(database.host(), database.port())) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl("jdbc:postgresql://" + proxy.host() + ":" + proxy.port() + "/" + database.name());
            try (Connection connection = source.getConnection(database.user(), database.password())) {
                proxy.after(1_000_000, proxy::reset);
                assertSqlState(
                        "08006", () -> Sql.query(connection, "SELECT repeat('x', 1000000) FROM generate_series(1, 5)"));
            }
        }
    }

    private static void assertSqlState(String state, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
    }
}
