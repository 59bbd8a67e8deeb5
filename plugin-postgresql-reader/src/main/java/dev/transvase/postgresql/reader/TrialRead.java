package dev.transvase.postgresql.reader;

import static dev.transvase.postgresql.error.PostgresErrors.ROW_NOT_READABLE;
import static dev.transvase.postgresql.reader.ReaderErrors.QUERY_FAILS;
import static dev.transvase.postgresql.reader.ReaderErrors.READ_FAILS;
import static dev.transvase.postgresql.reader.ReaderErrors.WHERE_FAILS;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.Explain;
import dev.transvase.postgresql.reader.ServerCheck.Subject;
import dev.transvase.postgresql.split.ReadTask;
import dev.transvase.postgresql.split.SelectItem;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.transaction.ReadErrors;
import dev.transvase.postgresql.transaction.RowErrors;
import dev.transvase.spi.table.Schema;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Has the server go to the first row of all that is to be read, as the read will, and throw it away: that tells what planning
 * a statement does not, such as a function that writes, while the target is still as it was. The transactions are READ ONLY,
 * and rolled back.
 *
 * <p>The server does not send the row, which may be large. So a value that it cannot send is left to the read.
 */
final class TrialRead {

    private static final String CURSOR = "transvase_trial";

    private final PostgresSession session;
    private final ServerCheck server;
    private final boolean toleratesDirty;

    /** @param toleratesDirty whether the job goes on when a row cannot be read because of what is in it */
    TrialRead(PostgresSession session, ServerCheck server, boolean toleratesDirty) {
        this.session = session;
        this.server = server;
        this.toleratesDirty = toleratesDirty;
    }

    /** Tries all of these, in a round trip for each 32 KiB of statements, and reports what keeps one from being read. */
    void run(List<Source> sources, List<Schema> accepted) throws SQLException {
        Map<String, Integer> trials = new LinkedHashMap<>();
        for (int i = 0; i < sources.size(); i++) {
            trials.putIfAbsent(trial(sources.get(i).task().select(accepted.get(i))), i);
        }
        for (List<String> together : Explain.together(List.copyOf(trials.keySet()))) {
            if (attempt(String.join(";\n", together)).isEmpty()) {
                continue;
            }
            for (String one : together) {
                Optional<SQLException> failure = attempt(one);
                if (failure.isPresent()) {
                    int source = trials.get(one);
                    tell(failure.get(), sources.get(source), accepted.get(source));
                }
            }
        }
    }

    private static String trial(String select) {
        return "DECLARE " + CURSOR + " NO SCROLL CURSOR FOR " + select + ";\nMOVE 1 FROM " + CURSOR + ";\nCLOSE "
                + CURSOR;
    }

    /** In a transaction of its own: thousands of tables must not be locked together where the job does not do so either. */
    private Optional<SQLException> attempt(String trials) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.setEscapeProcessing(false);
            // Planned for all rows, as COPY does: another plan may look at other rows first.
            statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\nSET LOCAL cursor_tuple_fraction = 1");
            try {
                statement.execute(trials);
                return Optional.empty();
            } catch (SQLException e) {
                if (SqlErrors.isRetryable(e) && !SqlErrors.isConflict(e)) {
                    throw e;
                }
                return Optional.of(e);
            } finally {
                if (!session.jdbc().isClosed()) {
                    statement.execute("ROLLBACK");
                }
            }
        }
    }

    private void tell(SQLException failure, Source source, Schema schema) throws SQLException {
        if (isOutside(failure)) {
            throw ReadErrors.translate(
                    failure, "trying to read " + source.task().label());
        }
        // A function may read what policies hide, which no plan tells.
        if (server.isRowSecurity(failure, source.path(), source.task().select(schema))) {
            return;
        }
        Subject subject = subject(source, schema, failure);
        if (!RowErrors.isOfRow(failure)) {
            server.report(failure, subject);
            return;
        }
        String message = "the first row of " + source.task().label() + " cannot be read: " + subject.what() + ": "
                + SqlErrors.message(failure);
        if (toleratesDirty) {
            server.checks().warning(subject.path(), message + "; a row that cannot be read is a dirty record");
        } else {
            server.checks()
                    .error(
                            subject.path(),
                            ROW_NOT_READABLE,
                            message,
                            "fix the row, or exclude it; or raise errorLimit.record to tolerate dirty records");
        }
    }

    /** Whether the server failed and not the statement: out of memory or disk, a damaged file, a limit of time. */
    private static boolean isOutside(SQLException error) {
        String state = SqlErrors.sqlState(error);
        return SqlErrors.isConflict(error)
                || state.startsWith("53")
                || state.startsWith("55")
                || state.startsWith("57")
                || state.startsWith("58")
                || state.startsWith("XX");
    }

    /** What of the statement it is that fails, as far as trying its parts tells. */
    private Subject subject(Source source, Schema schema, SQLException failure) throws SQLException {
        ReadTask task = source.task();
        String state = SqlErrors.sqlState(failure);
        String grantOn = source.chosen()
                .map(chosen -> SqlNames.quote(chosen.table().table()))
                .orElse("");
        boolean query = source.chosen().isEmpty();
        boolean named = query || source.whole();
        if (!task.conditions().isEmpty()
                && fails(task.selecting(List.of()), Schema.of(schema.table(), List.of()), state)) {
            return new Subject("where", "where on " + task.label(), WHERE_FAILS, "correct the SQL condition", grantOn);
        }
        List<String> failing = new ArrayList<>();
        if (!named && schema.width() == 1 && isExpression(task.items().get(0))) {
            failing.add(task.items().get(0).expression());
        }
        for (int i : IntStream.range(0, schema.width()).toArray()) {
            Schema one = Schema.of(schema.table(), List.of(schema.column(i))).withWireFormat(schema.wireFormat());
            if (schema.width() > 1 && fails(task.selecting(List.of(task.items().get(i))), one, state)) {
                failing.add(
                        named ? schema.column(i).name() : task.items().get(i).expression());
            }
        }
        String path = query || failing.isEmpty() ? source.path() : "column";
        String what = failing.isEmpty() || (failing.size() > 1 && failing.size() == schema.width())
                ? "reading " + task.label()
                : "column " + String.join(", ", failing) + " of " + task.label();
        String remedy = query
                ? "correct the query; a reader cannot write"
                : "correct the SQL expression; a reader cannot write";
        return new Subject(path, what, query ? QUERY_FAILS : READ_FAILS, remedy, grantOn);
    }

    /** Whether it is SQL of the job's and no plain column, whose name has quotes around it. */
    private static boolean isExpression(SelectItem item) {
        return !item.expression().startsWith("\"");
    }

    private boolean fails(ReadTask part, Schema schema, String state) throws SQLException {
        return attempt(trial(part.select(schema)))
                .map(SqlErrors::sqlState)
                .filter(state::equals)
                .isPresent();
    }
}
