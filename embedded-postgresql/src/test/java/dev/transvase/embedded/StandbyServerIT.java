package dev.transvase.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StandbyServerIT {

    private static final EmbeddedServers SERVERS =
            EmbeddedServers.from(Path.of(System.getProperty("transvase.test.servers")));

    @Test
    void aStandbyFollowsOnTheOldestAndTheNewest() throws SQLException {
        follow(SERVERS.majors().first());
        follow(SERVERS.majors().last());
    }

    private static void follow(int major) throws SQLException {
        try (PostgresServer primary = SERVERS.start(major, Map.of("wal_level", "replica"))) {
            query(primary, "CREATE TABLE kept AS SELECT 1 AS id; SELECT 1");
            int port = primary.port();
            Path folder;
            try (PostgresServer standby = primary.startStandby(Map.of("cluster_name", "follower"))) {
                folder = standby.dataFolder();
                assertThat(primary.port()).isEqualTo(port);
                assertThat(query(standby, "SELECT pg_is_in_recovery()")).isEqualTo("t");
                assertThat(query(standby, "SHOW cluster_name")).isEqualTo("follower");
                assertThat(query(standby, "SELECT count(*) FROM kept")).isEqualTo("1");
                query(primary, "INSERT INTO kept VALUES (2); SELECT 1");
                while (!query(standby, "SELECT count(*) FROM kept").equals("2")) {
                    Thread.onSpinWait();
                }
            }
            assertThat(Files.exists(folder)).isFalse();
            assertThat(query(primary, "SELECT pg_is_in_recovery()")).isEqualTo("f");
        }
    }

    /** The value of a query, the last of several statements. */
    private static String query(PostgresServer server, String sql) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {server.host()});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName("postgres");
        try (Connection connection = source.getConnection(server.user(), server.password());
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows) {
                rows = statement.getMoreResults();
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getString(1);
            }
        }
    }
}
