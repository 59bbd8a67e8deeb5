package dev.transvase.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.testing.FaultProxy;
import dev.transvase.testing.TestingDatabase;
import dev.transvase.testing.TestingPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** On the oldest release, which shows the least of what its processes wait for. The tests wait rather than work. */
@Execution(ExecutionMode.CONCURRENT)
class SilenceWatchIT {

    private static final String ENDLESS = "COPY (SELECT generate_series(1, 1000000000)) TO STDOUT";

    private TestingDatabase database;
    private FaultProxy proxy;

    @BeforeEach
    void create() throws IOException, SQLException {
        database = TestingPostgres.oldest().createDatabase();
        database.execute("CREATE TABLE t (n text)");
        proxy = FaultProxy.to(database.host(), database.port());
    }

    @AfterEach
    void drop() {
        proxy.close();
        database.close();
    }

    private PostgresSession open() {
        return PostgresSession.open(Sources.through(proxy, database, 1), "transvase silence");
    }

    private static String ask(PostgresSession session, String sql) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void assertGivenUp(ThrowingCallable waiting, String why) {
        assertThatThrownBy(waiting).isInstanceOfSatisfying(SQLException.class, e -> {
            assertThat(SqlErrors.isConnectionLost(e)).isTrue();
            assertThat(SqlErrors.translate(e, "reading t"))
                    .hasMessageStartingWith(
                            "reading t: the connection to the server was lost (the server has sent nothing for ")
                    .hasMessageContaining(why);
        });
    }

    @Test
    void aServerThatIsAtWorkMayTakeItsTime() throws SQLException {
        try (PostgresSession session = open()) {
            // Longer than it takes to give one up.
            assertThat(ask(session, "SELECT 'done' FROM pg_sleep(6)")).isEqualTo("done");
        }
    }

    @Test
    void aDeadNetworkIsGivenUp() {
        try (PostgresSession session = open()) {
            proxy.refuse();
            proxy.stallOpen();
            assertGivenUp(() -> ask(session, "SELECT 1"), "no other connection can be made");
        }
    }

    @Test
    void aStatementThatNeverArrivedIsGivenUp() {
        try (PostgresSession session = open()) {
            proxy.stallOpen();
            assertGivenUp(() -> ask(session, "SELECT 1"), "it waits for this client as well");
        }
    }

    @Test
    void rowsThatDoNotArriveAreGivenUp() throws SQLException {
        try (PostgresSession session = open()) {
            proxy.after(1_000_000, proxy::stallOpen);
            CopyOut copy = session.pg().getCopyAPI().copyOut(ENDLESS);
            assertGivenUp(
                    () -> {
                        while (copy.readFromCopy() != null) {
                            // Until it fails.
                        }
                    },
                    "the data it sends does not arrive");
        }
    }

    @Test
    void rowsThatCannotBeSentAreGivenUp() throws SQLException {
        byte[] rows = "x\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        try (PostgresSession session = open()) {
            proxy.after(1_000_000, proxy::stallOpen);
            CopyIn copy = session.pg().getCopyAPI().copyIn("COPY t FROM STDIN");
            assertGivenUp(
                    () -> {
                        while (copy.isActive()) {
                            copy.writeToCopy(rows, 0, rows.length);
                        }
                    },
                    "it waits for this client as well");
        }
    }

    @Test
    void aSessionThatTheServerHasEndedIsGivenUp() throws SQLException {
        try (PostgresSession session = open()) {
            proxy.stallOpen();
            database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name = 'transvase silence' AND datname = current_database()");
            assertGivenUp(() -> ask(session, "SELECT 1"), "of this session no longer exists");
        }
    }

    /** Nobody waits for the server then: the session may be silent for as long as it likes. */
    @Test
    void anIdleSessionIsLeftAlone() throws SQLException {
        try (PostgresSession idle = open();
                PostgresSession other = open()) {
            proxy.stallOpen();
            assertGivenUp(() -> ask(other, "SELECT 1"), "it waits for this client as well");
            proxy.resume();
            assertThat(ask(idle, "SELECT 'here'")).isEqualTo("here");
        }
    }
}
