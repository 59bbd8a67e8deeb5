package dev.transvase.postgresql.writer.jobsql;

import static dev.transvase.postgresql.writer.error.WriterErrors.STATEMENT_INVALID;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.QueryDescription;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Judges {@code preSql} and {@code postSql} before any of it is run, as far as the server can: whether each is SQL, and, for
 * as long as none before it may have defined anything, whether it finds the tables and columns that it names. Nothing is run.
 */
public final class StatementsAhead {

    private static final String SYNTAX_ERROR = "42601";

    /** undefined_table, undefined_column, undefined_function, invalid_schema_name. */
    private static final List<String> UNDEFINED = List.of("42P01", "42703", "42883", "3F000");

    private static final Pattern PARAMETER = Pattern.compile("\\$\\d");

    private final PostgresSession session;
    private final TablePlaceholder tables;
    private final Checks checks;

    /** Whether a statement may have made what the next one names. */
    private boolean defining;

    private StatementsAhead(PostgresSession session, TablePlaceholder tables, Checks checks) {
        this.session = session;
        this.tables = tables;
        this.checks = checks;
    }

    /**
     * Reports what is wrong with them.
     *
     * @param session in a transaction, which this leaves as it was but for locks
     */
    public static void check(
            PostgresSession session, PostgresWriterParameters parameters, List<TargetTable> targets, Checks checks)
            throws SQLException {
        List<TableName> tables =
                targets.stream().map(TargetTable::table).distinct().limit(1).toList();
        StatementsAhead ahead = new StatementsAhead(session, new TablePlaceholder(tables, parameters), checks);
        ahead.check("preSql", parameters.preSql());
        ahead.check("postSql", parameters.postSql());
    }

    private void check(String parameter, List<String> statements) throws SQLException {
        for (int i = 0; i < statements.size(); i++) {
            String path = statements.size() == 1 ? parameter : parameter + '[' + i + ']';
            // Of several tables one is as good as another.
            for (String sql : tables.expand(statements.get(i))) {
                judge(path, sql);
            }
            defining |= !TargetStatements.definesNothing(statements.get(i));
        }
    }

    private void judge(String path, String sql) throws SQLException {
        String one = sql.strip().replaceFirst(";\\s*$", "");
        if (one.isEmpty() || one.contains(";") || PARAMETER.matcher(one).find()) {
            return; // several cannot be judged without running the first
        }
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("SAVEPOINT ahead");
            try {
                QueryDescription.types(session, one);
            } catch (SQLException e) {
                if (SqlErrors.isRetryable(e)) {
                    throw e;
                }
                report(path, sql, e);
            }
            statement.execute("ROLLBACK TO SAVEPOINT ahead; RELEASE SAVEPOINT ahead");
        }
    }

    private void report(String path, String sql, SQLException error) {
        String state = SqlErrors.sqlState(error);
        if (state.equals(SYNTAX_ERROR) || (!defining && UNDEFINED.contains(state))) {
            checks.error(
                    path,
                    STATEMENT_INVALID,
                    path + " (" + TargetStatements.shortened(sql) + "): " + SqlErrors.message(error),
                    "correct the statement; nothing was run");
        }
    }
}
