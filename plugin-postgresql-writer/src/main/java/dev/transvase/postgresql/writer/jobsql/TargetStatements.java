package dev.transvase.postgresql.writer.jobsql;

import static dev.transvase.postgresql.error.PostgresErrors.TRANSACTION_LEFT_OPEN;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Runs the statements that a job has beside its records: {@code preSql}, {@code postSql} and {@code session}. */
public final class TargetStatements {

    private static final Pattern EMPTYING = Pattern.compile(
            "\\bTRUNCATE\\b|\\bDROP\\s+TABLE\\b|\\bDELETE\\s+FROM\\b(?!.*\\bWHERE\\b)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern LITERAL = Pattern.compile("['$]");

    /** A statement that changes all or, when it fails, nothing. */
    private static final Pattern ATOMIC = Pattern.compile(
            "(TRUNCATE|DELETE|INSERT|UPDATE|MERGE|SELECT|CREATE|ALTER|DROP|COMMENT|GRANT|REVOKE|SET)\\b[^;]*;?",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern IN_STEPS =
            Pattern.compile("\\b(CONCURRENTLY|DATABASE|TABLESPACE|SUBSCRIPTION)\\b", Pattern.CASE_INSENSITIVE);

    /** A statement that changes nothing: it calls no function, and reads no view that might. */
    private static final Pattern HARMLESS = Pattern.compile(
            "(SELECT(?!.*\\b(INTO|FROM)\\b)|SET)\\b[^;(]*;?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** One statement about rows, which calls no function by itself. */
    private static final Pattern ROWS_ONLY = Pattern.compile(
            "(TRUNCATE|DELETE|INSERT|UPDATE|MERGE|ANALYZE|VACUUM|LOCK)\\b[^;]*;?\\s*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private TargetStatements() {}

    private static boolean isAtomic(String sql) {
        return ATOMIC.matcher(sql.strip()).matches() && !IN_STEPS.matcher(sql).find();
    }

    private static boolean isHarmless(String sql) {
        return HARMLESS.matcher(sql.strip()).matches();
    }

    /** Whether one of these takes all rows from the table, as far as its text tells. */
    public static boolean empty(TableName table, List<String> statements) {
        return statements.stream()
                .filter(sql -> EMPTYING.matcher(sql).find())
                .anyMatch(sql -> TablePlaceholder.isNamed(sql) || sql.contains(table.name()));
    }

    /** Whether a statement makes no table, column or function, and changes no setting. */
    static boolean definesNothing(String sql) {
        return ROWS_ONLY.matcher(sql.strip()).matches();
    }

    /**
     * Runs them one after the other, each committed on its own when the session is in auto-commit mode.
     *
     * @param parameter where they stand in the job, for messages
     * @throws TransvaseException that names the one that failed, those before it have been run; or the one that began a
     *     transaction which none of them ends
     */
    static void run(PostgresSession session, String parameter, List<String> statements, TablePlaceholder tables) {
        run(session, parameter, statements, tables, () -> {});
    }

    /**
     * As the other one.
     *
     * @param changing is called when something may have been changed: before a statement that may leave a part of its work
     *     behind when it fails, after any other
     */
    public static void run(
            PostgresSession session,
            String parameter,
            List<String> statements,
            TablePlaceholder tables,
            Runnable changing) {
        int opening = -1;
        for (int i = 0; i < statements.size(); i++) {
            runOne(session, parameter + '[' + i + ']', statements.get(i), tables, changing);
            if (!session.isInTransaction()) {
                opening = -1;
            } else if (opening < 0) {
                opening = i;
            }
        }
        if (opening >= 0) {
            throw TransvaseException.of(
                    TRANSACTION_LEFT_OPEN,
                    parameter + "[" + opening + "] (" + shortened(statements.get(opening))
                            + ") begins a transaction that no statement of " + parameter + " ends, so it would be"
                            + " rolled back; end it with COMMIT");
        }
    }

    /** Runs one of them, for each table in place of {@code @table}. */
    static void runOne(PostgresSession session, String path, String given, TablePlaceholder tables, Runnable changing) {
        for (String sql : tables.expand(given)) {
            try (Statement statement = session.jdbc().createStatement()) {
                session.requireSameServerSession();
                statement.setEscapeProcessing(false);
                if (!isAtomic(sql)) {
                    changing.run();
                }
                statement.execute(sql);
                if (!isHarmless(sql)) {
                    changing.run();
                }
            } catch (SQLException e) {
                throw failure(e, path, sql);
            }
        }
    }

    private static TransvaseException failure(SQLException error, String path, String sql) {
        TransvaseException reported = SqlErrors.translate(error, "running " + path + " (" + shortened(sql) + ")");
        int position = position(error);
        return TransvaseException.of(
                reported.errorCode(),
                position > 0 ? reported.getMessage() + ", at character " + position : reported.getMessage(),
                error);
    }

    private static int position(SQLException error) {
        ServerErrorMessage server = error instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        return server == null ? 0 : server.getPosition();
    }

    /** Its beginning, up to where a literal starts: that may be a secret. */
    static String shortened(String sql) {
        String line = sql.strip().replaceAll("\\s+", " ");
        Matcher literal = LITERAL.matcher(line);
        int end = Math.min(literal.find() ? literal.start() : line.length(), 100);
        return end == line.length() ? line : line.substring(0, end) + "...";
    }
}
