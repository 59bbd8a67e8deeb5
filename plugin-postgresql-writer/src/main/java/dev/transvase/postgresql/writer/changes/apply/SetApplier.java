package dev.transvase.postgresql.writer.changes.apply;

import static dev.transvase.postgresql.writer.error.WriterErrors.TRUNCATE_REFERENCED;

import dev.transvase.postgresql.writer.changes.plan.ChangeLayout;
import dev.transvase.postgresql.writer.changes.plan.ChangeTable;
import dev.transvase.postgresql.writer.changes.statement.ChangeStatements;
import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.record.RecordBatch;
import dev.transvase.spi.record.RecordKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.core.BaseConnection;

/**
 * Applies changes by what they come to in the end, a few statements for each table. What comes of it is the same as if they
 * had been applied one by one, or it fails, and the transaction can only be rolled back, if only to a savepoint.
 */
public final class SetApplier {

    private static final String REFERRING = "WITH RECURSIVE tree (oid) AS (SELECT c.oid FROM pg_catalog.pg_class c"
            + " WHERE c.oid IN ($oids) UNION SELECT i.inhrelid FROM tree t"
            + " JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)"
            + " SELECT DISTINCT k.conrelid::pg_catalog.regclass::pg_catalog.text,"
            + " k.confrelid::pg_catalog.regclass::pg_catalog.text, pg_catalog.quote_ident(k.conname)"
            + " FROM pg_catalog.pg_constraint k WHERE k.contype = 'f' AND k.confrelid IN (SELECT oid FROM tree)"
            + " AND k.conrelid NOT IN (SELECT oid FROM tree) ORDER BY 1, 2, 3 LIMIT 10";

    private final BaseConnection connection;
    private final ChangeTables tables;
    private final ChangeStatements statements;
    private final SingleChanges singles;

    /** The changes under way, by their tables' index. */
    private final Map<Integer, TableChanges> pending = new HashMap<>();

    public SetApplier(BaseConnection connection, ChangeTables tables, ChangeStatements statements) {
        this.connection = connection;
        this.tables = tables;
        this.statements = statements;
        this.singles = new SingleChanges(statements);
    }

    SingleChanges singles() {
        return singles;
    }

    /** Applies the changes from one up to, not including, another. */
    public void apply(ChangeGroup group, int from, int to) throws SQLException {
        pending.clear();
        int change = from;
        while (change < to) {
            if (group.kind(change) == RecordKind.TRUNCATE) {
                settle();
                change = truncate(group, change, to);
            } else {
                change = gather(group, change, to);
            }
        }
        settle();
    }

    /** Takes in changes of one batch, and returns what comes after. */
    private int gather(ChangeGroup group, int from, int to) throws SQLException {
        RecordBatch batch = group.batch(from);
        ChangeLayout layout = tables.layout(batch.table(), batch.schema());
        TableChanges changes = changes(layout, group);
        int change = from;
        while (change < to && group.batch(change) == batch && group.kind(change) != RecordKind.TRUNCATE) {
            if (!changes.add(change)) {
                settle();
                singles.apply(layout, group, change);
                changes = changes(layout, group);
            }
            change++;
        }
        return change;
    }

    private TableChanges changes(ChangeLayout layout, ChangeGroup group) throws SQLException {
        int table = layout.table().index();
        TableChanges known = pending.get(table);
        if (known != null && known.layout() != layout) {
            settle(); // the source's table was changed in between
            known = null;
        }
        if (known == null) {
            known = new TableChanges(layout, group);
            pending.put(table, known);
        }
        return known;
    }

    /** Applies all that is under way: deletes from those that refer to others first, all else the other way round. */
    private void settle() throws SQLException {
        if (pending.isEmpty()) {
            return;
        }
        List<TableChanges> order = new ArrayList<>(pending.values());
        order.sort(Comparator.comparingInt(
                c -> tables.references().rank(c.layout().table().table().oid())));
        pending.clear();
        for (int i = order.size() - 1; i >= 0; i--) {
            order.get(i).delete(statements);
        }
        for (TableChanges changes : order) {
            changes.updateAndInsert(statements, singles);
        }
    }

    /** Truncates the tables that are truncated from here on, one behind the other, and returns what comes after. */
    private int truncate(ChangeGroup group, int from, int to) throws SQLException {
        Map<Integer, String> names = new LinkedHashMap<>();
        boolean copied = true;
        int change = from;
        while (change < to && group.kind(change) == RecordKind.TRUNCATE) {
            RecordBatch batch = group.batch(change);
            ChangeTable table = tables.layout(batch.table(), batch.schema()).table();
            names.put(table.table().oid(), table.sqlName());
            copied &= tables.isCopied(table);
            change++;
        }
        try (Statement statement = connection.createStatement()) {
            List<String> referring = referring(names, statement);
            if (referring.isEmpty()) {
                statement.execute("TRUNCATE " + String.join(", ", names.values()));
            } else if (copied) {
                delete(names, statement);
            } else {
                throw referenced(names, referring);
            }
        }
        return change;
    }

    /** Of tables whose copy was cut short: others may refer to them, but no row of these does yet. */
    private void delete(Map<Integer, String> names, Statement statement) throws SQLException {
        List<Integer> oids = new ArrayList<>(names.keySet());
        oids.sort(Comparator.comparing(tables.references()::rank).reversed());
        for (int oid : oids) {
            statement.execute("DELETE FROM " + names.get(oid));
        }
    }

    /** The server names one of the tables that are in the way, and CASCADE as the way out, which would empty them. */
    private static List<String> referring(Map<Integer, String> names, Statement statement) throws SQLException {
        String oids = names.keySet().stream().map(Integer::toUnsignedString).collect(Collectors.joining(", "));
        List<String> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(REFERRING.replace("$oids", oids))) {
            while (row.next()) {
                found.add(row.getString(1) + " to " + row.getString(2) + " (" + row.getString(3) + ")");
            }
        }
        return found;
    }

    private static TransvaseException referenced(Map<Integer, String> names, List<String> referring) {
        return TransvaseException.of(
                TRUNCATE_REFERENCED,
                "TRUNCATE of " + String.join(", ", names.values())
                        + " cannot be applied, because tables that are not truncated with them refer to them by"
                        + " foreign keys: "
                        + String.join(", ", referring)
                        + ". Truncate all of them together at the target by hand, or drop the foreign keys there,"
                        + " then run the job again; or set ddl.truncate to ignore");
    }
}
