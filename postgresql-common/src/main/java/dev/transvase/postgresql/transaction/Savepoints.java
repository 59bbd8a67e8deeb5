package dev.transvase.postgresql.transaction;

import dev.transvase.postgresql.PostgresSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Statements of a read that may fail without ending its transaction. */
public record Savepoints(PostgresSession session) {

    private static final String REWRITTEN = "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks l"
            + " JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) l.relation"
            + " WHERE l.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()"
            + " AND l.locktype OPERATOR(pg_catalog.=) 'relation' AND l.database OPERATOR(pg_catalog.<>) '0'::pg_catalog.oid"
            + " AND c.relkind IN ('r', 'm') AND c.relfilenode OPERATOR(pg_catalog.<>) '0'::pg_catalog.oid"
            + " AND c.relfilenode OPERATOR(pg_catalog.<>) pg_catalog.pg_relation_filenode(c.oid))";

    public interface Work {
        void run() throws SQLException, InterruptedException;
    }

    /**
     * Does this, and undoes it when a row is at fault.
     *
     * @return what is wrong with a row; empty when all went well
     * @throws SQLException what is wrong otherwise
     */
    public Optional<SQLException> attempt(Work work) throws SQLException, InterruptedException {
        execute("SAVEPOINT transvase_attempt");
        try {
            work.run();
            execute("RELEASE SAVEPOINT transvase_attempt");
            return Optional.empty();
        } catch (SQLException e) {
            if (!RowErrors.isOfRow(e)) {
                throw e;
            }
            execute("ROLLBACK TO SAVEPOINT transvase_attempt;\nRELEASE SAVEPOINT transvase_attempt");
            return Optional.of(e);
        }
    }

    public void execute(String sql) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /**
     * Whether a table that this transaction has locked was rewritten after its snapshot was taken, while it waited for the
     * lock: it would look empty then. The snapshot sees the old entry of the catalog, the function the present one.
     *
     * @param before run first, in the same round trip
     */
    public boolean holdsWhatWasRewritten(String before) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute(before + ";\n" + REWRITTEN);
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** The rows of a query as texts. */
    public List<List<String>> query(String sql) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (Statement statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(sql)) {
                int columns = row.getMetaData().getColumnCount();
                while (row.next()) {
                    List<String> texts = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        texts.add(row.getString(i));
                    }
                    rows.add(texts);
                }
            }
        }
        return rows;
    }
}
