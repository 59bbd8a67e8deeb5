package dev.transvase.postgresql.writer.plan;

import static dev.transvase.postgresql.writer.error.WriterErrors.MISSING_PRIVILEGE;
import static dev.transvase.postgresql.writer.error.WriterErrors.NOT_A_TABLE;
import static dev.transvase.postgresql.writer.error.WriterErrors.NO_UNIQUE_KEY;
import static dev.transvase.postgresql.writer.error.WriterErrors.SERVER_LIMIT;
import static dev.transvase.postgresql.writer.error.WriterErrors.UPSERT_NOT_POSSIBLE;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.statement.InsertSql;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.spi.error.Checks;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Has the server plan the statements that batches will be sent with, and does not run them. That tells what the catalog does
 * not, such as rules that stand in the way of an upsert, what is behind a view, a function that a default calls and the user
 * may not, or a list of columns that is too long.
 */
final class StatementCheck {

    private static final String NO_MATCHING_KEY = "42P10";
    private static final String NOT_ALLOWED = "42501";

    /** So many statements go to the server at once. */
    private static final int AT_ONCE = 50;

    private final PostgresSession session;
    private final Checks checks;

    /**
     * A target whose statement is to be planned.
     *
     * @param parameter where the table stands in the job
     */
    record Planned(TargetTable target, String parameter) {}

    /** @param session in a transaction, which goes on and keeps none of the locks that planning takes */
    StatementCheck(PostgresSession session, Checks checks) {
        this.session = session;
        this.checks = checks;
    }

    /** Reports what keeps the server from running these. */
    void check(List<Planned> targets) throws SQLException {
        if (targets.isEmpty()) {
            return;
        }
        try (Statement statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("SET LOCAL lock_timeout = '5s'; SAVEPOINT planned");
            for (int from = 0; from < targets.size(); from += AT_ONCE) {
                checkTogether(statement, targets.subList(from, Math.min(from + AT_ONCE, targets.size())));
            }
            statement.execute("RELEASE SAVEPOINT planned; SET LOCAL lock_timeout = 0");
        }
    }

    private void checkTogether(Statement statement, List<Planned> targets) throws SQLException {
        try {
            statement.execute(targets.stream()
                    .map(p -> explain(p.target()) + "; ROLLBACK TO SAVEPOINT planned")
                    .collect(Collectors.joining("; ")));
        } catch (SQLException e) {
            if (!saysNo(e)) {
                throw e;
            }
            statement.execute("ROLLBACK TO SAVEPOINT planned");
            if (targets.size() == 1) {
                report(targets.get(0), e);
                return;
            }
            for (Planned one : targets) {
                checkTogether(statement, List.of(one));
            }
        }
    }

    /** A COPY has no plan; an INSERT into the same columns needs the same of their defaults, and of a view. */
    private static String explain(TargetTable target) {
        return "EXPLAIN (COSTS OFF) "
                + switch (target.mode()) {
                    case COPY -> insertNulls(target);
                    case INSERT -> InsertSql.of(target, "'{}'");
                    case UPSERT -> InsertSql.counting(target, "'{}'");
                };
    }

    private static String insertNulls(TargetTable target) {
        List<String> nulls = new ArrayList<>();
        target.transfers().forEach(t -> nulls.add("NULL"));
        return "INSERT INTO " + SqlNames.quote(target.table()) + " (" + target.columnList() + ")"
                + (target.overridesIdentity() ? " OVERRIDING SYSTEM VALUE" : "") + " SELECT "
                + String.join(", ", nulls);
    }

    /** Whether the server was able to tell: a wrong state or object, something unsupported, a privilege, a limit. */
    private static boolean saysNo(SQLException error) {
        String state = SqlErrors.sqlState(error);
        return state.startsWith("42") || state.startsWith("55") || state.startsWith("0A") || state.startsWith("54");
    }

    private void report(Planned planned, SQLException error) {
        TargetTable target = planned.target();
        String state = SqlErrors.sqlState(error);
        String refusal = "the server would not write to " + target.table() + ": " + SqlErrors.message(error);
        if (SqlErrors.isLocked(error)) {
            checks.warning(
                    planned.parameter(),
                    target.table() + " is locked by another session, so the server could not check the statement"
                            + " that writes to it; the job will wait for that session");
        } else if (state.equals(NO_MATCHING_KEY)) {
            checks.error(
                    "conflictKey", NO_UNIQUE_KEY, refusal, "name the columns of a unique key of the table behind it");
        } else if (state.equals(NOT_ALLOWED)) {
            checks.error(
                    planned.parameter(),
                    MISSING_PRIVILEGE,
                    refusal,
                    "GRANT the privilege to the data source's user, or to the owner of a view");
        } else if (state.startsWith("54")) {
            checks.error(
                    planned.parameter(),
                    SERVER_LIMIT,
                    refusal,
                    target.mode() == WriteMode.COPY ? "write fewer columns" : "set writeMode to copy");
        } else {
            boolean upsert = target.key().isPresent();
            checks.error(
                    planned.parameter(),
                    upsert ? UPSERT_NOT_POSSIBLE : NOT_A_TABLE,
                    refusal,
                    upsert ? "set writeMode to insert or copy" : "write to its base table");
        }
    }
}
