package dev.sluice.postgresql.cdc;

import dev.sluice.postgresql.PositionTables;
import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.SqlNames;
import dev.sluice.spi.Checks;
import dev.sluice.spi.SluiceException;
import dev.sluice.spi.TableName;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds another job that carries changes of the same tables from the target back to the source: the two would send each change
 * around for ever. What jobs that write to the source have stored there tells where they read.
 */
final class Loops {

    private Loops() {}

    /**
     * Looks for such jobs. Blocks on the server.
     *
     * @param session at the source
     * @param own this job's split: where source and target are one database its position is there, too
     * @param target the database that this job writes to; empty when that is not known
     */
    static void check(
            PostgresSession session, String own, Optional<String> target, Collection<TableName> tables, Checks checks)
            throws SQLException {
        if (target.isEmpty()) {
            return;
        }
        for (PositionTables.Found found : PositionTables.of(session)) {
            if (!found.readable()) {
                continue;
            }
            try (Statement statement = session.jdbc().createStatement();
                    ResultSet row = statement.executeQuery("SELECT split, context FROM " + SqlNames.quote(found.table())
                            + " WHERE token <> '' AND split <> " + SqlNames.literal(own))) {
                while (row.next()) {
                    check(row.getString(1), row.getBytes(2), target.get(), tables, checks);
                }
            }
        }
    }

    private static void check(
            String split, byte[] context, String target, Collection<TableName> tables, Checks checks) {
        StoredContext stored;
        try {
            stored = StoredContext.of(context);
        } catch (UncheckedIOException | SluiceException e) {
            return; // none of this reader's
        }
        Set<String> both = new TreeSet<>();
        stored.shapes().keySet().stream().filter(tables::contains).forEach(table -> both.add(table.toString()));
        if (stored.facts().place().equals(target) && !both.isEmpty()) {
            checks.error(
                    "table",
                    "LOOP",
                    "the job of " + split + " carries changes of " + String.join(", ", both)
                            + " from the target of this job to its source: the two would send each change around for ever",
                    "let each table go one way only, by table and excludeTable; if that job is no more, run `sluice cdc drop`"
                            + " for it");
        }
    }
}
