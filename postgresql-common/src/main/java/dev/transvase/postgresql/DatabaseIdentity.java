package dev.transvase.postgresql;

import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Fix;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Says which database a session is in, so that a script can make sure that it is run there. */
final class DatabaseIdentity {

    private static final String CLUSTER = "(SELECT system_identifier FROM pg_catalog.pg_control_system())";

    private DatabaseIdentity() {}

    /** @param servers what the session is connected to, for people */
    static Fix.Place of(PostgresSession session, String side, String servers) throws SQLException {
        String database = session.jdbc().getCatalog();
        String condition =
                "pg_catalog.current_database() = " + SqlNames.literal(database).strip();
        try (Statement statement = session.jdbc().createStatement()) {
            if (mayAsk(statement)) {
                try (ResultSet row = statement.executeQuery("SELECT " + CLUSTER)) {
                    row.next();
                    condition += " AND " + CLUSTER + " = " + row.getLong(1);
                }
            }
        }
        return new Fix.Place(side + ", database " + database + " at " + servers, condition);
    }

    /** A question that is refused would end a transaction. */
    private static boolean mayAsk(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
