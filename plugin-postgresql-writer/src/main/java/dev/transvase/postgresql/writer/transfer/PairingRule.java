package dev.transvase.postgresql.writer.transfer;

import static dev.transvase.postgresql.error.PostgresErrors.COLUMN_NOT_FOUND;
import static dev.transvase.postgresql.writer.error.WriterErrors.COLUMNS_DIFFER;
import static dev.transvase.postgresql.writer.error.WriterErrors.COLUMN_COUNT;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.postgresql.writer.transfer.Counterparts.Pair;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides which of the reader's columns goes into which of the table's.
 *
 * <ul>
 *   <li>Where the user wrote a list at one of the two steps: by position. Names that stand elsewhere are warned of.
 *   <li>All columns of both: by name where each has a counterpart. Else the columns of a query go by position, unless a name stands
 *       elsewhere.
 *   <li>Where the writer names no table, but takes the reader's: by name. Each of the reader's columns needs a counterpart.
 * </ul>
 */
final class PairingRule {

    private static final int PAIRS_SHOWN = 20;

    private final PostgresWriterParameters parameters;
    private final Checks checks;

    PairingRule(PostgresWriterParameters parameters, Checks checks) {
        this.parameters = parameters;
        this.checks = checks;
    }

    /**
     * The pairs in the order of the reader's fields; empty after an error.
     *
     * @param columns those to write
     */
    Optional<List<Pair>> pairs(Schema offered, TableDescription table, List<PgColumn> columns) {
        boolean all = parameters.allColumns();
        List<PgColumn> computed =
                all ? table.columns().stream().filter(PgColumn::generated).toList() : List.of();
        Counterparts counterparts = new Counterparts(offered, columns, computed);
        warnOfPassedOver(offered, table, counterparts);
        boolean sameTables = parameters.table().isEmpty();
        if (sameTables && !counterparts.anyUnnamed()) {
            return byName(offered, table, counterparts);
        }
        if (!counterparts.sameCount()) {
            return miscounted(offered, table, columns, counterparts);
        }
        boolean written = offered.listed() || !all;
        if (written && !sameTables) {
            warnOfOtherOrder(table, counterparts);
            return Optional.of(counterparts.byPosition());
        }
        return byNameOrPosition(offered, table, counterparts);
    }

    private Optional<List<Pair>> byName(Schema offered, TableDescription table, Counterparts counterparts) {
        List<Column> missing = counterparts.fieldsLeft();
        if (!missing.isEmpty()) {
            String names = names(missing.stream().map(Column::name).toList());
            boolean typed = missing.stream().noneMatch(c -> c.declaredType().isEmpty());
            checks.error(
                    "column",
                    COLUMN_NOT_FOUND,
                    (parameters.allColumns()
                                    ? table.table() + " has"
                                    : "the columns to write of " + table.table() + " have")
                            + " no match among the reader's " + names + " of " + offered.table()
                            + "; without the parameter table the writer matches columns by name",
                    (typed && parameters.allColumns() ? add(table, missing) + ", or name" : "name")
                            + " the columns to move at the reader");
            return Optional.empty();
        }
        List<PgColumn> unfilled = counterparts.columnsLeft();
        if (!unfilled.isEmpty()) {
            checks.warning(
                    "column",
                    "the reader has no column "
                            + unfilled.stream().map(PairingRule::filled).collect(Collectors.joining(", ")) + " of "
                            + table.table());
        }
        return Optional.of(counterparts.byName());
    }

    private static String add(TableDescription table, List<Column> missing) {
        return "ALTER TABLE " + SqlNames.quote(table.table())
                + missing.stream()
                        .map(c -> " ADD COLUMN " + SqlNames.quote(c.name()) + ' ' + c.declaredType())
                        .collect(Collectors.joining(","));
    }

    /** What a column gets that is not written. */
    private static String filled(PgColumn column) {
        String what = column.identity() != PgColumn.NO_IDENTITY
                ? "the next number of its sequence"
                : column.hasDefault() ? "its default" : "NULL";
        return column.name() + " (gets " + what + ")";
    }

    private Optional<List<Pair>> byNameOrPosition(Schema offered, TableDescription table, Counterparts counterparts) {
        List<Pair> contradictions = counterparts.contradictions();
        if (counterparts.allNamed()) {
            if (!contradictions.isEmpty()) {
                checks.warning(
                        "column",
                        "the columns of " + table.table()
                                + " are in a different order than the reader's and are matched by name: "
                                + counterparts.reported(counterparts.byName(), PAIRS_SHOWN));
            }
            return Optional.of(counterparts.byName());
        }
        if (!contradictions.isEmpty()) {
            checks.error(
                    "column",
                    COLUMNS_DIFFER,
                    "the columns of " + offered.table() + " and " + table.table()
                            + " cannot be matched by name, since not all names exist on both sides"
                            + left(counterparts)
                            + ", nor by position, where names differ: "
                            + counterparts.reported(contradictions, PAIRS_SHOWN),
                    remedy(offered, counterparts));
            return Optional.empty();
        }
        List<Pair> renamed = counterparts.renamed();
        if (!renamed.isEmpty() && !isQuery(offered)) {
            checks.error(
                    "column",
                    COLUMNS_DIFFER,
                    "the columns of " + offered.table() + " and " + table.table()
                            + " cannot be matched by name, since not all names exist on both sides"
                            + left(counterparts) + "; by position they would be: "
                            + counterparts.reported(renamed, PAIRS_SHOWN),
                    remedy(offered, counterparts));
            return Optional.empty();
        }
        if (!renamed.isEmpty()) {
            checks.warning(
                    "column",
                    "columns of " + table.table() + " with names other than the reader's are matched by position: "
                            + counterparts.reported(renamed, PAIRS_SHOWN));
        }
        return Optional.of(counterparts.byPosition());
    }

    /** A query lists its columns, and calls some of them after a function. */
    private static boolean isQuery(Schema offered) {
        return offered.table().namespace().isEmpty();
    }

    private void warnOfOtherOrder(TableDescription table, Counterparts counterparts) {
        List<Pair> contradictions = counterparts.contradictions();
        if (!contradictions.isEmpty()) {
            checks.warning(
                    "column",
                    "columns are matched by position, as the job lists them, but names differ; into " + table.table()
                            + ": " + counterparts.reported(contradictions, PAIRS_SHOWN));
        }
    }

    /** The target's own values may be others, which only the source can tell. */
    private void warnOfPassedOver(Schema offered, TableDescription table, Counterparts counterparts) {
        List<String> stored = counterparts.passedOver().stream()
                .map(offered::column)
                .filter(c -> c.origin() != Column.Origin.COMPUTED)
                .map(Column::name)
                .toList();
        if (!stored.isEmpty()) {
            checks.warning(
                    "column",
                    "the server computes " + names(stored) + " of " + table.table()
                            + ", so the reader's values, which are not computed there, are not written");
        }
    }

    private Optional<List<Pair>> miscounted(
            Schema offered, TableDescription table, List<PgColumn> columns, Counterparts counterparts) {
        checks.error(
                "column",
                COLUMN_COUNT,
                "the reader has " + offered.width() + " columns ("
                        + names(offered.columns().stream().map(Column::name).toList()) + "), the writer "
                        + columns.size() + " of " + table.table() + " ("
                        + names(columns.stream().map(PgColumn::name).toList()) + ")" + left(counterparts),
                remedy(offered, counterparts));
        return Optional.empty();
    }

    /** What has no counterpart of its name, if anything has one. */
    private static String left(Counterparts counterparts) {
        if (counterparts.byName().isEmpty()) {
            return "";
        }
        List<String> left = counterparts.fieldsLeft().stream().map(Column::name).toList();
        List<String> free =
                counterparts.columnsLeft().stream().map(PgColumn::name).toList();
        return (left.isEmpty() ? "" : "; only the reader has " + names(left))
                + (free.isEmpty() ? "" : "; only the table has " + names(free));
    }

    private static String remedy(Schema offered, Counterparts counterparts) {
        String advice = "list the columns in both steps, in the same order";
        List<Pair> pairs = counterparts.byName();
        if (pairs.isEmpty() || pairs.size() > PAIRS_SHOWN || isQuery(offered)) {
            return advice;
        }
        return advice + ", for example those that both have: reader "
                + list(pairs.stream().map(p -> offered.column(p.field()).name()).toList()) + ", writer "
                + list(pairs.stream().map(p -> p.column().name()).toList());
    }

    /** As a job file has it. */
    private static String list(List<String> names) {
        return names.stream()
                .map(n -> '"' + n.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(", ", "\"column\": [", "]"));
    }

    private static String names(List<String> names) {
        return String.join(", ", names);
    }
}
