package dev.transvase.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.transaction.ReadSessions;
import dev.transvase.spi.error.ErrorType;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPooler;
import dev.transvase.testing.TestingPooler.Mode;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PoolerIT {

    private TestingDatabase database;

    @BeforeEach
    void create() {
        database = TestingPostgres.newest().createDatabase();
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private TestingPooler pooler(Mode mode) throws IOException {
        return TestingPooler.before(database, mode);
    }

    private PostgresDataSource through(TestingPooler pooler) {
        return Sources.of(pooler.host(), pooler.port(), database.name(), database.user(), database.password());
    }

    private static String ask(PostgresSession session, String sql) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void assertRefused(TransvaseException e) {
        assertThat(e.code()).isEqualTo("TRANSACTION_POOLER");
        assertThat(e.type()).isEqualTo(ErrorType.USER);
        assertThat(e).hasMessageContaining("pool_mode = session");
    }

    /** Two connections meet one session, or one connection meets two. */
    @ParameterizedTest
    @EnumSource(names = {"TRANSACTION", "TRANSACTION_IN_TURN"})
    void sessionsThatAreLentForATransactionAreRefusedBeforeAnythingIsSet(Mode mode) throws Exception {
        try (TestingPooler pooler = pooler(mode)) {
            assertThatThrownBy(() -> PostgresSession.open(through(pooler), "test"))
                    .isInstanceOfSatisfying(TransvaseException.class, PoolerIT::assertRefused);
            // Who gets one of these sessions next finds it as it was.
            try (var connection = java.sql.DriverManager.getConnection(
                            "jdbc:postgresql://" + pooler.host() + ':' + pooler.port() + '/' + database.name()
                                    + "?preferQueryMode=simple&user=" + database.user());
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_settings WHERE source = 'session'"
                            + " AND name IN ('client_min_messages', 'statement_timeout', 'lock_timeout')")) {
                row.next();
                assertThat(row.getInt(1)).isZero();
            }
        }
    }

    @Test
    void sessionsThatAreLentForAConnectionAreAsGoodAsAny() throws Exception {
        try (TestingPooler pooler = pooler(Mode.SESSION);
                PostgresSession session = PostgresSession.open(through(pooler), "test")) {
            assertThat(session.pg().getBackendPID())
                    .isNotEqualTo(Integer.parseInt(ask(session, "SELECT pg_backend_pid()")));
            assertThat(ask(session, "SHOW client_min_messages")).isEqualTo("error");
            assertThat(ask(session, "SELECT count(*) FROM generate_series(1, 1000)"))
                    .isEqualTo("1000");
        }
    }

    /** No pooler is known to be one for certain by its first answers; so each transaction asks again. */
    @Test
    void aTransactionInAnotherSessionIsRefused() throws Exception {
        try (TestingPooler pooler = pooler(Mode.SESSION);
                ReadSessions sessions = new ReadSessions(through(pooler), "test", List.of(), false, Notices.NONE)) {
            PostgresSession session = sessions.borrow("");
            sessions.giveBack(session, "");
            pooler.mode(Mode.TRANSACTION_IN_TURN);
            // The session is given back with the first statement.
            ask(session, "SELECT 1");
            assertThatThrownBy(() -> sessions.borrow(""))
                    .isInstanceOfSatisfying(TransvaseException.class, PoolerIT::assertRefused);
        }
    }
}
