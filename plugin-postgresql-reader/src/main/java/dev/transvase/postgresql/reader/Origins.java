package dev.transvase.postgresql.reader;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.DatabaseTables;
import dev.transvase.postgresql.reader.TableChoice.Chosen;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.transaction.ReadSessions;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tables that records come from.
 *
 * @param tables for each source the tables whose rows it reads; none of a query
 * @param read these and all that queries and views look at
 */
record Origins(List<Set<String>> tables, Set<String> read) {

    /** Planning a statement locks what it looks at. */
    private static final String LOCKED = "SELECT n.nspname, c.relname FROM pg_catalog.pg_locks l"
            + " JOIN pg_catalog.pg_class c ON c.oid = l.relation JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " JOIN pg_catalog.pg_database d ON d.oid = l.database WHERE l.locktype = 'relation'"
            + " AND l.pid = pg_catalog.pg_backend_pid() AND d.datname = pg_catalog.current_database()"
            + " AND c.relkind IN ('r', 'p', 'm', 'f') AND n.nspname <> 'pg_catalog'";

    /** Asks the server, which it blocks on, and warns of other servers' tables behind queries and views. */
    static Origins of(PostgresSession session, List<Source> sources, Checks checks) {
        try {
            DatabaseTables database = DatabaseTables.of(session);
            List<Set<String>> tables = sources.stream()
                    .map(source -> source.chosen().map(c -> of(c, database)).orElse(Set.of()))
                    .toList();
            Set<String> read = new HashSet<>();
            tables.forEach(read::addAll);
            for (Source source : sources) {
                if (source.chosen().isEmpty() || source.chosen().get().table().relkind() == 'v') {
                    lookedAt(session, source, checks).forEach(table -> read.add(database.name(table)));
                }
            }
            return new Origins(tables, read);
        } catch (SQLException e) {
            throw SqlErrors.translate(e, "asking what is read");
        }
    }

    private static Set<String> of(Chosen chosen, DatabaseTables database) {
        Set<String> origins = new HashSet<>();
        origins.add(database.name(chosen.table().table()));
        chosen.taken().forEach(member -> origins.add(database.name(member.table())));
        return origins;
    }

    private static Set<TableName> lookedAt(PostgresSession session, Source source, Checks checks) throws SQLException {
        Set<TableName> tables = new HashSet<>();
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("BEGIN READ ONLY");
            try {
                if (ReadSessions.hold(session, List.of(source.task().select(source.schema())))
                        && source.chosen().flatMap(Chosen::foreign).isEmpty()) {
                    checks.warning(
                            source.path(),
                            source.task().label()
                                    + " reads from another server: rows that row-level security hides there from"
                                    + " the user it is read with are missing, and this server cannot detect it");
                }
                try (ResultSet row = statement.executeQuery(LOCKED)) {
                    while (row.next()) {
                        tables.add(new TableName(row.getString(1), row.getString(2)));
                    }
                }
            } finally {
                if (!session.jdbc().isClosed()) {
                    statement.execute("ROLLBACK");
                }
            }
        }
        return tables;
    }
}
