package dev.transvase.postgresql;

import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.DataSourceTest;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Connects once and tells what answered. */
public final class PostgresDataSourceTest implements DataSourceTest {

    private final PostgresDataSource source;

    @Inject
    public PostgresDataSourceTest(PostgresDataSource source) {
        this.source = source;
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
