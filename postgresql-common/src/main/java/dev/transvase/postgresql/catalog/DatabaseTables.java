package dev.transvase.postgresql.catalog;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Names the tables of a database so that two sessions of one server name them alike, and sessions of two do not. */
public final class DatabaseTables {

    /** Two servers do not start in the same microsecond, and a copy of a server starts after the one that it is of. */
    private static final String DATABASE =
            "SELECT ' of database ' || pg_catalog.current_database() || ' (server started '"
                    + " || pg_catalog.to_char(pg_catalog.timezone('UTC', pg_catalog.pg_postmaster_start_time()),"
                    + " 'YYYY-MM-DD HH24:MI:SS.US') || ' UTC)'";

    private final String database;

    private DatabaseTables(String database) {
        this.database = database;
    }

    /** Those of the session's database. Blocks on the server. */
    public static DatabaseTables of(PostgresSession session) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(DATABASE)) {
            row.next();
            return new DatabaseTables(row.getString(1));
        }
    }

    /** What the table is called among those of all databases. */
    public String name(TableName table) {
        return table + database;
    }
}
