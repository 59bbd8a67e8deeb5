package dev.transvase.postgresql.writer.transfer;

import static dev.transvase.postgresql.error.PostgresErrors.COLUMN_NOT_FOUND;
import static dev.transvase.postgresql.error.PostgresErrors.NO_COLUMNS;
import static dev.transvase.postgresql.error.PostgresErrors.UNSUPPORTED_TYPE;
import static dev.transvase.postgresql.writer.error.WriterErrors.GENERATED_COLUMN;
import static dev.transvase.postgresql.writer.error.WriterErrors.PG_TYPE_MISMATCH;
import static dev.transvase.postgresql.writer.error.WriterErrors.UNSUPPORTED_CONVERSION;
import static dev.transvase.spi.error.CommonErrors.DUPLICATE_COLUMN;

import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.catalog.PgTypes;
import dev.transvase.postgresql.catalog.TableDescription;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.conversion.TargetServer;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.postgresql.writer.transfer.Counterparts.Pair;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.table.Column;
import dev.transvase.spi.table.Schema;
import dev.transvase.spi.table.Type;
import dev.transvase.spi.table.Type.Scalar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the columns that the job names, pairs them with the reader's and says how their values get there. */
public final class ColumnPairing {

    private static final Map<String, Type> PG_TYPES = Map.of(
            "bigint[]", new Type.Array(Scalar.INT64),
            "double[]", new Type.Array(Scalar.FLOAT64),
            "text[]", new Type.Array(Scalar.TEXT),
            "jsonb", Scalar.JSONB,
            "json", Scalar.JSON);

    private final PostgresWriterParameters parameters;
    private final Checks checks;
    private final TargetServer server;

    public ColumnPairing(PostgresWriterParameters parameters, Checks checks, TargetServer server) {
        this.parameters = parameters;
        this.checks = checks;
        this.server = server;
    }

    /** The columns to write, in order; empty after an error. */
    public Optional<List<PgColumn>> columns(TableDescription table) {
        if (parameters.allColumns()) {
            List<PgColumn> all =
                    table.columns().stream().filter(c -> !c.generated()).toList();
            if (all.isEmpty()) {
                checks.error("column", NO_COLUMNS, table.table() + " has no column to write to", "");
                return Optional.empty();
            }
            return Optional.of(all);
        }
        List<PgColumn> columns = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < parameters.column().size(); i++) {
            Optional<PgColumn> column = column(table, parameters.column().get(i), i);
            if (column.isPresent() && !seen.add(column.get().name())) {
                report(i, DUPLICATE_COLUMN, "column " + column.get().name() + " is named twice", "");
            } else {
                column.ifPresent(columns::add);
            }
        }
        if (columns.size() < parameters.column().size()) {
            return Optional.empty();
        }
        return Optional.of(columns);
    }

    private Optional<PgColumn> column(TableDescription table, String text, int index) {
        Optional<PgColumn> column = SqlNames.resolve(text, table::column);
        if (column.isEmpty()) {
            report(
                    index,
                    COLUMN_NOT_FOUND,
                    table.table() + " has no column " + text + "; it has "
                            + list(table.columns().stream().map(PgColumn::name).toList()),
                    "");
        } else if (column.get().generated()) {
            report(
                    index,
                    GENERATED_COLUMN,
                    "column " + text + " of " + table.table() + " is computed by the server and cannot be written",
                    "leave it out, together with the reader's column");
            return Optional.empty();
        }
        return column;
    }

    /**
     * Warns of columns that must not be NULL and that nothing fills.
     *
     * @param refused what the server refuses then: "record" or "insert"
     */
    public void warnOfUnfilled(TableDescription table, Collection<PgColumn> written, String refused) {
        for (PgColumn column : table.columns()) {
            boolean filled = !column.notNull()
                    || column.hasDefault()
                    || column.generated()
                    || column.identity() != PgColumn.NO_IDENTITY;
            if (!filled && !written.contains(column)) {
                checks.warning(
                        "column",
                        "column " + column.name() + " of " + table.table()
                                + " is NOT NULL, has no default and is not written: unless a trigger sets it, every "
                                + refused + " will be refused");
            }
        }
    }

    /**
     * How columns travel.
     *
     * @param fields for each of the transfers the field of the reader's record, ascending
     */
    public record Pairs(List<Integer> fields, List<ColumnTransfer> transfers) {

        public List<PgColumn> written() {
            return transfers.stream().map(ColumnTransfer::target).toList();
        }
    }

    /**
     * How each column travels; empty after an error.
     *
     * @param columns those to write
     */
    public Optional<Pairs> pair(Schema offered, TableDescription table, List<PgColumn> columns) {
        Optional<List<Pair>> pairs = new PairingRule(parameters, checks).pairs(offered, table, columns);
        if (pairs.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> fields = new ArrayList<>();
        List<ColumnTransfer> transfers = new ArrayList<>();
        for (Pair pair : pairs.get()) {
            String path = path(columns.indexOf(pair.column()));
            transfer(offered, table, pair, path).ifPresent(transfer -> {
                fields.add(pair.field());
                transfers.add(transfer);
                if (!transfer.note().isEmpty()) {
                    checks.warning(path, transfer.note());
                }
            });
        }
        if (transfers.size() < pairs.get().size()) {
            return Optional.empty();
        }
        Pairs paired = new Pairs(fields, transfers);
        warnOfUnfilled(table, paired.written(), "record");
        return Optional.of(paired);
    }

    private Optional<ColumnTransfer> transfer(Schema offered, TableDescription table, Pair pair, String path) {
        Column source = offered.column(pair.field());
        PgColumn target = pair.column();
        if (TransferChooser.takesNothing(target)) {
            checks.error(
                    path,
                    UNSUPPORTED_TYPE,
                    "column " + target.name() + " of " + table.table() + " is " + target.declaredType()
                            + ", which only the server creates",
                    "leave it out, together with the reader's column");
            return Optional.empty();
        }
        Optional<ColumnTransfer> transfer = TransferChooser.choose(offered, source, target, server);
        if (transfer.isEmpty()) {
            UnfitColumn unfit = UnfitColumn.of(offered, source, target).orElseThrow();
            String found = source.declaredType().isEmpty() ? source.type().toString() : source.declaredType();
            checks.error(
                    path,
                    UNSUPPORTED_CONVERSION,
                    "column " + target.name() + " of " + table.table() + " is " + target.declaredType()
                            + ", the reader's " + source.name() + " is " + found + unfit.reason(),
                    unfit.remedy());
        }
        return parameters.emptyAsNull() ? transfer.map(EmptyAsNull::in) : transfer;
    }

    /** Checks what {@code pgType} says against all target tables. */
    public void checkPgTypes(List<TableDescription> tables) {
        parameters.pgType().forEach((name, expected) -> {
            boolean found = false;
            for (TableDescription table : tables) {
                Optional<PgColumn> column = SqlNames.resolve(name, table::column);
                found |= column.isPresent();
                if (column.isPresent() && !PgTypes.spiType(column.get().type()).equals(PG_TYPES.get(expected))) {
                    checks.error(
                            "pgType." + name,
                            PG_TYPE_MISMATCH,
                            "column " + name + " of " + table.table() + " is not " + expected + " but "
                                    + column.get().declaredType(),
                            "correct pgType, or remove the column from pgType: the types of the table are known anyway");
                }
            }
            if (!found && !tables.isEmpty()) {
                checks.error(
                        "pgType." + name,
                        COLUMN_NOT_FOUND,
                        "no target table has a column " + name,
                        "remove it from pgType");
            }
        });
    }

    private void report(int index, ErrorCode code, String message, String remedy) {
        checks.error(path(index), code, message, remedy);
    }

    private String path(int index) {
        return parameters.allColumns() ? "column" : "column[" + index + "]";
    }

    private static String list(List<String> names) {
        return names.stream().collect(Collectors.joining(", "));
    }
}
