package dev.transvase.postgresql;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.DataSourceTest;
import dev.transvase.spi.look.DataSourceReport;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Connects once and tells what answered. */
public final class PostgresDataSourceTest implements DataSourceTest {

    private final PostgresDataSource source;

    @Inject
    public PostgresDataSourceTest(PostgresDataSource source) {
        this.source = source;
    }

    private static final int ROUND_TRIPS = 3;

    @Override
    public DataSourceReport examine() {
        try (PostgresSession session = PostgresSession.open(source, "transvase datasource test");
                Statement statement = session.jdbc().createStatement()) {
            return new DataSourceReport(facts(session, statement), List.of());
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "examining the data source");
        }
    }

    /** What is worth knowing of a server, each with its name. Blocks on it. */
    public static Map<String, String> facts(PostgresSession session, Statement statement) throws SQLException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", "PostgreSQL " + session.version());
        try (ResultSet row = statement.executeQuery(
                "SELECT pg_catalog.current_database(), current_user, pg_catalog.pg_is_in_recovery(),"
                        + " (SELECT CASE WHEN ssl THEN version || ' ' || cipher END FROM pg_catalog.pg_stat_ssl"
                        + " WHERE pid = pg_catalog.pg_backend_pid()),"
                        + " pg_catalog.current_setting('server_encoding'), pg_catalog.current_setting('TimeZone'),"
                        + " (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)")) {
            row.next();
            String tls = row.getString(4);
            facts.put("database", row.getString(1));
            facts.put("user", row.getString(2) + (row.getBoolean(7) ? " (superuser)" : ""));
            facts.put("role", row.getBoolean(3) ? "standby" : "primary");
            facts.put("encoding", row.getString(5));
            facts.put("time zone", row.getString(6));
            facts.put("tls", tls == null ? "none" : tls);
        }
        facts.put("latency", latency(statement));
        return facts;
    }

    /** The shortest of a few round trips: the first ones may wait for what has nothing to do with the way. */
    private static String latency(Statement statement) throws SQLException {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < ROUND_TRIPS; i++) {
            long begin = System.nanoTime();
            statement.execute("SELECT 1");
            shortest = Math.min(shortest, System.nanoTime() - begin);
        }
        return String.format(Locale.ROOT, "%.1f ms", shortest / 1e6);
    }

    @Override
    public String connect() {
        try (PostgresSession session = PostgresSession.open(source, "transvase datasource test");
                Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(
                        // pg_stat_ssl shows a user at least the row of its own session.
                        "SELECT pg_catalog.current_database(), current_user, pg_catalog.pg_is_in_recovery(),"
                                + " (SELECT CASE WHEN ssl THEN version END FROM pg_catalog.pg_stat_ssl"
                                + " WHERE pid = pg_catalog.pg_backend_pid())")) {
            row.next();
            String tls = row.getString(4);
            return "PostgreSQL " + session.version() + ", database " + row.getString(1) + ", user " + row.getString(2)
                    + ", " + (tls == null ? "no TLS" : tls) + (row.getBoolean(3) ? ", standby" : "");
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "testing the data source");
        }
    }
}
