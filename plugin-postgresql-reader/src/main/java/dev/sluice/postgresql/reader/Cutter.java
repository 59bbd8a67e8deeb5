package dev.sluice.postgresql.reader;

import dev.sluice.postgresql.PgColumn;
import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.TableDescription;
import dev.sluice.postgresql.copy.BlockRanges;
import dev.sluice.postgresql.copy.KeyRanges;
import dev.sluice.postgresql.copy.ReadTask;
import dev.sluice.postgresql.reader.PostgresReaderParameters.SplitBy;
import dev.sluice.spi.Checks;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts a table into the tasks that together read each of its rows once. */
final class Cutter {

    private final PostgresSession session;
    private final PostgresReaderParameters parameters;
    private final int channels;
    private final Checks checks;

    Cutter(PostgresSession session, PostgresReaderParameters parameters, int channels, Checks checks) {
        this.session = session;
        this.parameters = parameters;
        this.channels = channels;
        this.checks = checks;
    }

    /** The tasks, one at least. Runs inside the transaction whose snapshot they will read. */
    List<ReadTask> cut(Source source) throws SQLException {
        if (source.table().isEmpty()) {
            return List.of(source.task());
        }
        TableDescription table = source.table().get();
        int parts = channels * parameters.splitFactor();
        Optional<PgColumn> key = key(table, source.byPattern());
        if (key.isPresent()) {
            return tasks(source, new KeyRanges(session, table, source.task(), key.get()).conditions(parts));
        }
        if (parameters.splitBy() == SplitBy.CTID && channels > 1 && !checks.failed()) {
            if (!parameters.consistentSnapshot()) {
                checks.warning(
                        "consistentSnapshot",
                        "with splitBy ctid and no shared snapshot, a row of " + table.table()
                                + " that is updated meanwhile moves, and may be read twice or not at all");
            }
            return tasks(source, new BlockRanges(session, table, checks).conditions(parts, channels));
        }
        return List.of(source.task());
    }

    private static List<ReadTask> tasks(Source source, List<String> conditions) {
        List<ReadTask> tasks = new ArrayList<>();
        for (String condition : conditions) {
            tasks.add(source.task().and(condition));
        }
        return tasks.isEmpty() ? List.of(source.task()) : tasks;
    }

    /** The usable splitPk; empty also when there is none or an unusable one, which has been told then. */
    private Optional<PgColumn> key(TableDescription table, boolean byPattern) {
        if (parameters.splitPk().isEmpty()) {
            return Optional.empty();
        }
        String name = parameters.splitPk().get();
        Optional<PgColumn> column = TablePlanner.resolve(table, name);
        if (column.isEmpty() && byPattern) {
            checks.warning(
                    "splitPk",
                    "ignored for " + table.table() + ", which has no column " + name.strip() + "; the table is read "
                            + otherwise());
            return Optional.empty();
        }
        if (column.isEmpty()) {
            checks.error(
                    "splitPk",
                    "COLUMN_NOT_FOUND",
                    "table " + table.table() + " has no column " + name.strip(),
                    TablePlanner.remedy(table, name));
            return Optional.empty();
        }
        if (!KeyRanges.usable(column.get())) {
            checks.warning(
                    "splitPk",
                    "ignored for " + table.table() + ": " + name.strip() + " is of type "
                            + column.get().declaredType() + ", not smallint, integer or bigint; the table is read "
                            + otherwise());
            return Optional.empty();
        }
        return column;
    }

    private String otherwise() {
        return parameters.splitBy() == SplitBy.CTID ? "by physical position" : "by one channel";
    }
}
