package dev.transvase.postgresql.writer.changes;

import static dev.transvase.postgresql.writer.error.WriterErrors.MISSING_PRIVILEGE;
import static dev.transvase.postgresql.writer.error.WriterErrors.NOT_A_POSITION_TABLE;
import static dev.transvase.postgresql.writer.error.WriterErrors.SCHEMA_NOT_FOUND;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.Position;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.Finding;
import dev.transvase.spi.error.Fix;
import dev.transvase.spi.table.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;

/** The table in the target database that holds how far changes have been applied, a row for each stream of them. */
public final class PositionTable {

    private static final String[] PRIVILEGES = {"SELECT", "INSERT", "UPDATE", "DELETE"};

    private final TableName table;
    private final String sqlName;

    public PositionTable(TableName table) {
        this.table = table;
        this.sqlName = SqlNames.quote(table);
    }

    public TableName table() {
        return table;
    }

    /** Checks whether it can be used, or made. Changes nothing. */
    void check(PostgresSession session, Checks checks) throws SQLException {
        if (exists(session.jdbc())) {
            checkPrivileges(session, checks);
        } else {
            checkCreation(session, checks);
        }
    }

    private void checkPrivileges(PostgresSession session, Checks checks) throws SQLException {
        Connection connection = session.jdbc();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT current_user, pg_catalog.has_table_privilege(pg_catalog.to_regclass(?), ?)")) {
            for (String privilege : PRIVILEGES) {
                statement.setString(1, sqlName);
                statement.setString(2, privilege);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    if (!row.getBoolean(2)) {
                        String user = SqlNames.quote(row.getString(1));
                        String grant = "GRANT SELECT, INSERT, UPDATE, DELETE ON " + sqlName + " TO " + user;
                        checks.error(
                                "positionTable",
                                Finding.of(
                                                MISSING_PRIVILEGE,
                                                "user " + user + " may not " + privilege + " in " + table
                                                        + ", which stores positions",
                                                grant)
                                        .mendedBy(Fix.mend(session.place("target"), grant)));
                        return;
                    }
                }
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SAVEPOINT positions");
            try {
                statement
                        .executeQuery(
                                "SELECT split, token, context, description, updated_at FROM " + sqlName + " LIMIT 0")
                        .close();
            } catch (SQLException e) {
                statement.execute("ROLLBACK TO SAVEPOINT positions");
                checks.error(
                        "positionTable",
                        NOT_A_POSITION_TABLE,
                        table + " exists but is not a position table: " + SqlErrors.message(e),
                        "name another table, which will be created");
            }
        }
    }

    private void checkCreation(PostgresSession session, Checks checks) throws SQLException {
        Connection connection = session.jdbc();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT current_user, s.name, n.oid IS NOT NULL, coalesce("
                        + "pg_catalog.has_schema_privilege(n.oid, 'CREATE'), false) FROM (SELECT coalesce("
                        + "nullif(?, ''), pg_catalog.current_schema()::pg_catalog.text) AS name) s"
                        + " LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = s.name")) {
            statement.setString(1, table.namespace());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String user = SqlNames.quote(row.getString(1));
                String schema = row.getString(2) == null ? "" : row.getString(2);
                if (!row.getBoolean(3)) {
                    Finding missing = Finding.of(
                            SCHEMA_NOT_FOUND,
                            "there is no schema " + schema + " for " + table + ", which is to store positions",
                            "create it, or name another table");
                    checks.error(
                            "positionTable",
                            schema.isEmpty()
                                    ? missing
                                    : missing.mendedBy(Fix.create(
                                            session.place("target"),
                                            List.of("CREATE SCHEMA IF NOT EXISTS " + SqlNames.quote(schema)))));
                } else if (!row.getBoolean(4)) {
                    String grant = "GRANT CREATE ON SCHEMA " + SqlNames.quote(schema) + " TO " + user;
                    checks.error(
                            "positionTable",
                            Finding.of(
                                            MISSING_PRIVILEGE,
                                            "user " + user + " may not create " + table + " in schema " + schema
                                                    + ", where positions are to be stored",
                                            grant + ", or name a table of another schema")
                                    .mendedBy(Fix.mend(session.place("target"), grant)));
                }
            }
        }
    }

    /** Makes it when it is not there. */
    void create(PostgresSession session) throws SQLException {
        if (!exists(session.jdbc())) {
            try (Statement statement = session.jdbc().createStatement()) {
                statement.execute("CREATE TABLE IF NOT EXISTS " + sqlName + " (split pg_catalog.text PRIMARY KEY,"
                        + " token pg_catalog.bytea NOT NULL, context pg_catalog.bytea NOT NULL, description"
                        + " pg_catalog.text NOT NULL,"
                        + " updated_at pg_catalog.timestamptz NOT NULL)");
            }
        }
    }

    private boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_catalog.to_regclass(?) IS NOT NULL")) {
            statement.setString(1, sqlName);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** What is stored for this stream; {@link Position#START} when nothing is. */
    public Position read(Connection connection, String split) throws SQLException {
        return exists(connection) ? find(connection, split, "") : Position.START;
    }

    /** As {@link #read}, and nobody else can advance it until the transaction ends. */
    Position lock(Connection connection, String split) throws SQLException {
        return find(connection, split, " FOR UPDATE");
    }

    /** As {@link #lock}, but fails when somebody else is about to advance it. */
    Position lockNow(Connection connection, String split) throws SQLException {
        return find(connection, split, " FOR UPDATE NOWAIT");
    }

    private Position find(Connection connection, String split, String locking) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT token, context, description FROM " + sqlName + " WHERE split = ?" + locking)) {
            statement.setString(1, split);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new Position(row.getBytes(1), row.getBytes(2), row.getString(3)) : Position.START;
            }
        }
    }

    /** Forgets what is stored for this stream, if anything is. */
    public void forget(Connection connection, String split) throws SQLException {
        if (exists(connection)) {
            try (PreparedStatement statement =
                    connection.prepareStatement("DELETE FROM " + sqlName + " WHERE split = ?")) {
                statement.setString(1, split);
                statement.executeUpdate();
            }
        }
    }

    /**
     * Stores a position in place of another, in the current transaction. To be done before anything else in it: whoever
     * else advances the same stream waits here, and finds then that it has been done.
     *
     * @return false when something else is stored; nothing was changed then
     */
    boolean advance(Connection connection, String split, Position from, Position to) throws SQLException {
        return from.equals(Position.START) ? begin(connection, split, to) : goOn(connection, split, from, to);
    }

    private boolean begin(Connection connection, String split, Position to) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO " + sqlName + " AS p"
                + " (split, token, context, description, updated_at)"
                + " VALUES (?, ?, ?, ?, pg_catalog.clock_timestamp())"
                + " ON CONFLICT (split) DO UPDATE SET token = EXCLUDED.token, context = EXCLUDED.context,"
                + " description = EXCLUDED.description, updated_at = EXCLUDED.updated_at WHERE p.token = ''")) {
            statement.setString(1, split);
            statement.setBytes(2, to.token());
            statement.setBytes(3, to.context());
            statement.setString(4, to.description());
            return statement.executeUpdate() == 1;
        }
    }

    private boolean goOn(Connection connection, String split, Position from, Position to) throws SQLException {
        boolean sameContext = from.context() == to.context() || Arrays.equals(from.context(), to.context());
        try (PreparedStatement statement = connection.prepareStatement("UPDATE " + sqlName
                + " SET token = ?, description = ?, updated_at = pg_catalog.clock_timestamp()"
                + (sameContext ? "" : ", context = ?") + " WHERE split = ? AND token = ?")) {
            int parameter = 1;
            statement.setBytes(parameter++, to.token());
            statement.setString(parameter++, to.description());
            if (!sameContext) {
                statement.setBytes(parameter++, to.context());
            }
            statement.setString(parameter++, split);
            statement.setBytes(parameter, from.token());
            return statement.executeUpdate() == 1;
        }
    }
}
