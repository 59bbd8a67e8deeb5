package dev.transvase.postgresql.writer.changes.apply;

import static dev.transvase.postgresql.error.PostgresErrors.COLUMN_NOT_FOUND;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PgColumn;
import dev.transvase.postgresql.sql.SqlErrors;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.postgresql.writer.changes.plan.ChangeTable;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.spi.error.Notices;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings columns that the source has added to a target table. What it finds there are rows from before: they get what the
 * source's rows got.
 */
final class AddedColumns {

    private static final Logger log = LoggerFactory.getLogger(AddedColumns.class);

    private final PostgresSession session;
    private final ChangeTable table;
    private final boolean shared;
    private final Notices notices;

    /**
     * @param shared whether other tables of the source go to the same one, so that nobody can tell whose rows it has
     * @param notices takes what the target's rows have instead
     */
    AddedColumns(PostgresSession session, ChangeTable table, boolean shared, Notices notices) {
        this.session = session;
        this.table = table;
        this.shared = shared;
        this.notices = notices;
    }

    /**
     * Adds columns that the table lacks, nullable and without a default.
     *
     * @throws TransvaseException when one of them was there before, so that it is not known what the rows should have in it
     */
    void add(List<Column> columns) throws SQLException {
        String definitions = columns.stream().map(this::definition).collect(Collectors.joining(", "));
        log.info("adding to {}, as at the source: {}", table.table().table(), definitions);
        String alter = "ALTER TABLE " + table.sqlName() + " ";
        run(alter + definitions);
        for (Column column : columns) {
            if (initial(column).isPresent()) {
                // It has filled the rows that are there; later ones come with what the source has.
                run(alter + "ALTER COLUMN " + SqlNames.quote(column.name()) + " DROP DEFAULT");
                if (shared) {
                    notices.warn(
                            "rows of " + table.table().table() + " that come from other tables of the source also have "
                                    + SqlNames.literal(initial(column).get()) + " in column " + column.name()
                                    + " now, as one of the tables has added it");
                }
            }
        }
    }

    private String definition(Column column) {
        if (column.declaredType().isEmpty() || column.added().isEmpty()) {
            throw TransvaseException.of(
                    COLUMN_NOT_FOUND,
                    table.table().table() + " has no column " + column.name()
                            + (column.declaredType().isEmpty()
                                    ? ", and the reader does not know its type; add it to the table"
                                    : ", which the source did not add just now: existing rows would have NULL in"
                                            + " it. Add it with the source's values, or start over"));
        }
        return "ADD COLUMN IF NOT EXISTS " + SqlNames.quote(column.name()) + " " + column.declaredType()
                + initial(column)
                        .map(value -> " DEFAULT " + SqlNames.literal(value) + "::" + column.declaredType())
                        .orElse("");
    }

    private static Optional<String> initial(Column column) {
        return column.added().flatMap(Column.Added::initial);
    }

    /**
     * Fills a column that the table had before the source had it, where it is NULL. Warns of rows that have something else: it
     * may be somebody's.
     */
    void fill(Column column) throws SQLException {
        PgColumn target = table.table().column(column.name()).orElseThrow();
        if (target.generated() || !column.added().orElseThrow().known()) {
            return; // the unknown value was reported where it was found
        }
        Optional<String> initial = initial(column);
        if (initial.isEmpty()) {
            warn(column, count(target, "IS NOT NULL"), "a value", "NULL");
            return;
        }
        String value = SqlNames.literal(initial.get());
        boolean alike = target.declaredType().equals(column.declaredType());
        if (shared || !alike || TargetTable.isAlwaysIdentity(target)) {
            warn(column, count(target, "IS NULL"), "NULL", value);
            return;
        }
        String name = SqlNames.quote(target.name());
        long filled = run("UPDATE " + rows() + " SET " + name + " = " + value + "::" + target.declaredType()
                + " WHERE t." + name + " IS NULL");
        log.info(
                "{} already had column {}; {} rows were set to {}",
                table.table().table(),
                name,
                filled,
                value);
        String other = "IS NOT NULL AND NOT ROW(t." + name + ")::record OPERATOR(pg_catalog.*=) ROW(" + value + "::"
                + target.declaredType() + ")::record";
        warn(column, count(target, other), "another value", value);
    }

    private void warn(Column column, long rows, String found, String expected) {
        if (rows > 0) {
            notices.warn(table.table().table() + " had column " + column.name() + " before the source added it: " + rows
                    + (rows == 1 ? " row has " : " rows have ") + found
                    + " in it where the source's rows from before have "
                    + expected + ", until they are updated. To change that now, update them at the target");
        }
    }

    private long count(PgColumn column, String condition) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.count(*) FROM " + rows() + " WHERE t."
                        + SqlNames.quote(column.name()) + " " + condition)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Rows of a table that inherits are its own. */
    private String rows() {
        return (table.table().relkind() == 'r' ? "ONLY " : "") + table.sqlName() + " AS t";
    }

    private long run(String sql) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            return statement.executeLargeUpdate(sql);
        } catch (SQLException e) {
            throw SqlErrors.isRetryable(e)
                    ? e
                    : new SQLException(
                            "adding columns that the source has added (" + sql + "): " + SqlErrors.message(e),
                            e.getSQLState(),
                            e);
        }
    }
}
