package dev.transvase.postgresql.look;

import static dev.transvase.postgresql.error.PostgresErrors.PREVIEW_TOO_SLOW;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.look.Preview;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** Reads the first rows of a query as text. */
public final class FirstRows {

    private static final String CANCELLED = "57014";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private FirstRows() {}

    /**
     * Reads them in a READ ONLY transaction, which is rolled back. Blocks for as long as the request allows.
     *
     * @param session outside of a transaction
     * @param table what is read, for people
     * @param query gives a value for each column
     * @throws TransvaseException when the server cannot, or takes too long
     */
    public static Preview of(
            PostgresSession session,
            String table,
            String query,
            List<Preview.Column> columns,
            Preview.Request request) {
        long millis = Math.max(1, request.limit().toMillis());
        try (Statement statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("BEGIN READ ONLY; SET LOCAL statement_timeout = " + millis + "; SET LOCAL lock_timeout = "
                    + millis);
            try (ResultSet rows = statement.executeQuery(limited(query, columns.size(), request))) {
                List<List<Optional<String>>> records = new ArrayList<>();
                boolean complete = true;
                while (rows.next()) {
                    if (records.size() == request.records()) {
                        complete = false;
                        break;
                    }
                    records.add(record(rows, columns.size(), request.longest()));
                }
                return new Preview(table, columns, records, complete);
            } finally {
                rollBack(statement);
            }
        } catch (SQLException e) {
            String state = SqlErrors.sqlState(e);
            if (state.equals(CANCELLED) || state.equals(LOCK_NOT_AVAILABLE)) {
                throw TransvaseException.of(
                        PREVIEW_TOO_SLOW,
                        "the first rows of " + table + " have not come within "
                                + request.limit().toSeconds()
                                + " s: the condition finds few of many rows, or somebody else holds"
                                + " a lock; the job itself has no such limit",
                        e);
            }
            throw SqlErrors.translate(e, "reading the first rows of " + table);
        }
    }

    /** Cut on the server, so that a huge value is not carried over to show its beginning. */
    private static String limited(String query, int columns, Preview.Request request) {
        StringJoiner values = new StringJoiner(", ", "SELECT ", "");
        StringJoiner names = new StringJoiner(", ", "(", ")");
        for (int i = 1; i <= columns; i++) {
            values.add("pg_catalog.left(p.c" + i + "::pg_catalog.text, " + (request.longest() + 1) + ')');
            names.add("c" + i);
        }
        return values + " FROM (" + query + "\n) AS p " + names + " LIMIT " + (request.records() + 1);
    }

    private static List<Optional<String>> record(ResultSet row, int columns, int longest) throws SQLException {
        List<Optional<String>> record = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
            record.add(Optional.ofNullable(row.getString(i))
                    .map(value -> value.length() > longest ? value.substring(0, longest) + '\u2026' : value));
        }
        return record;
    }

    private static void rollBack(Statement statement) throws SQLException {
        if (!statement.isClosed() && !statement.getConnection().isClosed()) {
            statement.execute("ROLLBACK");
        }
    }
}
