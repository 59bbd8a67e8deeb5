package dev.sluice.postgresql.writer;

import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.SqlErrors;
import dev.sluice.postgresql.SqlNames;
import dev.sluice.postgresql.TableDescription;
import dev.sluice.spi.Column;
import dev.sluice.spi.RecordBatch;
import dev.sluice.spi.Schema;
import dev.sluice.spi.SluiceException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The target tables as they are in the current transaction, in which the stream may add columns to them. */
final class ChangeTables {

    private static final Logger log = LoggerFactory.getLogger(ChangeTables.class);

    private final TableReferences references;

    /** As of the last commit. */
    private List<ChangeTable> committed;

    private final List<ChangeTable> current;

    /** Of each table what its last records were laid out like; {@code null} before the first. */
    private final ChangeLayout[] layouts;

    ChangeTables(List<ChangeTable> tables, TableReferences references) {
        this.references = references;
        this.committed = List.copyOf(tables);
        this.current = new ArrayList<>(tables);
        this.layouts = new ChangeLayout[tables.size()];
    }

    TableReferences references() {
        return references;
    }

    /** How records of this schema fit the table of this index. */
    ChangeLayout layout(int table, Schema schema) {
        ChangeLayout last = layouts[table];
        if (last != null && last.source().equals(schema)) {
            return last;
        }
        ChangeLayout made = new ChangeLayout(current.get(table), schema).requireFit();
        layouts[table] = made;
        return made;
    }

    /** Whether columns have to be added before changes like these can be applied. */
    boolean addsColumns(RecordBatch batch) {
        return batch.size() > 0
                && !layout(batch.table(), batch.schema()).missing().isEmpty();
    }

    /**
     * Adds the columns that the source has added. Needs a transaction in which nothing has failed.
     *
     * @param group in which nothing was changed before its table got these columns
     */
    void prepare(ChangeGroup group, PostgresSession session) throws SQLException {
        for (RecordBatch batch : group.batches()) {
            if (addsColumns(batch)) {
                add(layouts[batch.table()], session);
            }
        }
    }

    private void add(ChangeLayout layout, PostgresSession session) throws SQLException {
        ChangeTable table = layout.table();
        String columns =
                layout.missing().stream().map(c -> definition(table, c)).collect(Collectors.joining(", "));
        log.info("adding to {}, as at the source: {}", table.table().table(), columns);
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute("ALTER TABLE " + table.sqlName() + " " + columns);
            for (Column column : layout.missing()) {
                if (column.initial().isPresent()) {
                    // It has filled the rows that are there; later ones come with what the source has.
                    statement.execute("ALTER TABLE " + table.sqlName() + " ALTER COLUMN "
                            + SqlNames.quote(column.name()) + " DROP DEFAULT");
                }
            }
        } catch (SQLException e) {
            throw SqlErrors.isRetryable(e)
                    ? e
                    : new SQLException(
                            "adding columns that the source has added (ALTER TABLE " + table.sqlName() + " " + columns
                                    + "): " + SqlErrors.message(e),
                            e.getSQLState(),
                            e);
        }
        TableDescription altered =
                TableDescription.describe(session, table.table().table());
        for (int i = 0; i < current.size(); i++) {
            if (current.get(i).table().oid() == altered.oid()) {
                current.set(i, current.get(i).with(altered));
                layouts[i] = null;
            }
        }
    }

    private static String definition(ChangeTable table, Column column) {
        if (column.declaredType().isEmpty()) {
            throw SluiceException.user(
                    "COLUMN_NOT_FOUND",
                    table.table().table() + " has no column " + column.name()
                            + ", and the reader does not tell its type; add it to the table");
        }
        return "ADD COLUMN IF NOT EXISTS " + SqlNames.quote(column.name()) + " " + column.declaredType()
                + column.initial()
                        .map(value -> " DEFAULT " + SqlNames.literal(value) + "::" + column.declaredType())
                        .orElse("");
    }

    /** What was added is there for good. */
    void committed() {
        committed = List.copyOf(current);
    }

    /** What was added since the last commit is gone. */
    void rolledBack() {
        for (int i = 0; i < current.size(); i++) {
            if (!current.get(i).equals(committed.get(i))) {
                current.set(i, committed.get(i));
                layouts[i] = null;
            }
        }
    }
}
