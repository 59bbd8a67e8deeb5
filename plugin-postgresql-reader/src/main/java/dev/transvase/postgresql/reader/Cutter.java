package dev.transvase.postgresql.reader;

import static dev.transvase.postgresql.error.PostgresErrors.COLUMN_NOT_FOUND;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.reader.PostgresReaderParameters.SplitBy;
import dev.transvase.postgresql.reader.TableChoice.Chosen;
import dev.transvase.postgresql.split.BlockRanges;
import dev.transvase.postgresql.split.KeyRanges;
import dev.transvase.postgresql.split.ReadTask;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.error.Checks;
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
        if (source.chosen().isEmpty()) {
            return List.of(source.task());
        }
        Chosen chosen = source.chosen().get();
        TableDescription table = chosen.table();
        if (source.whole()) {
            if (parameters.splitPk().isPresent() || parameters.splitBy() == SplitBy.CTID) {
                checks.warning(
                        parameters.splitPk().isPresent() ? "splitPk" : "splitBy",
                        "ignored for " + table.table()
                                + ": a column is computed from several rows, by an aggregate, a window function or"
                                + " a set-returning function; the table is read by one channel");
            }
            return List.of(source.task());
        }
        int parts = channels * parameters.splitFactor();
        Optional<PgColumn> key = key(chosen);
        if (key.isPresent()) {
            if (!parameters.consistentSnapshot() && parts > 1) {
                checks.warning(
                        "consistentSnapshot",
                        "without a shared snapshot, a row of " + table.table() + " whose "
                                + key.get().name() + " is updated meanwhile may be read twice or not at all");
            }
            return tasks(
                    source, new KeyRanges(session, table, chosen.part(), source.task(), key.get()).conditions(parts));
        }
        if (parameters.splitBy() == SplitBy.CTID && channels > 1 && !checks.failed()) {
            if (!parameters.consistentSnapshot()) {
                checks.warning(
                        "consistentSnapshot",
                        "with splitBy ctid and no shared snapshot, a row of " + table.table()
                                + " that is updated meanwhile moves, and may be read twice or not at all");
            }
            return tasks(source, new BlockRanges(session, table, chosen.part(), checks).conditions(parts, channels));
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

    /** The usable splitPk; empty also when there is none or an unusable one, which has been reported then. */
    private Optional<PgColumn> key(Chosen chosen) {
        TableDescription table = chosen.table();
        if (parameters.splitPk().isEmpty()) {
            return Optional.empty();
        }
        String name = parameters.splitPk().get();
        Optional<PgColumn> column = SqlNames.resolve(name, table::column);
        if (column.isEmpty() && chosen.byPattern()) {
            checks.warning(
                    "splitPk",
                    "ignored for " + table.table() + ", which has no column " + name.strip() + "; the table is read "
                            + otherwise());
            return Optional.empty();
        }
        if (column.isEmpty()) {
            checks.error(
                    "splitPk",
                    COLUMN_NOT_FOUND,
                    "table " + table.table() + " has no column " + name.strip(),
                    ColumnNames.remedy(table, name));
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
        if (!chosen.stored() && !parameters.splitPkStable()) {
            checks.warning(
                    "splitPk",
                    "ignored for " + table.table() + ": two splits may see different values of " + name.strip()
                            + ", which is not a stored column of a table on this server (" + notStored(chosen)
                            + "), so rows may be read twice or not at all; it is read " + otherwise()
                            + ". If each row always has the same value, set splitPkStable to true");
            return Optional.empty();
        }
        return column;
    }

    private static String notStored(Chosen chosen) {
        return chosen.foreign()
                .map(table -> table + " is a foreign table")
                .orElse("it is a " + chosen.table().kind());
    }

    private String otherwise() {
        return parameters.splitBy() == SplitBy.CTID ? "by physical position" : "by one channel";
    }
}
