package dev.sluice.postgresql.writer;

import dev.sluice.spi.Checks;
import dev.sluice.spi.TableName;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the tables that a job both reads and writes, which is seldom meant. For jobs with one data source. */
final class OwnTables {

    private OwnTables() {}

    /**
     * Rows that go into the table that they come from. {@code preSql} is the worst of it: it runs before the first row is
     * read, so what it deletes is lost, or it waits for ever for the locks of this job's own reader.
     */
    static void ofRows(List<TargetTable> targets, PostgresWriterParameters parameters, Checks checks) {
        List<TableName> own = own(targets);
        if (own.isEmpty()) {
            return;
        }
        if (!parameters.preSql().isEmpty()) {
            checks.error(
                    "preSql",
                    "SOURCE_IS_TARGET",
                    "the job reads and writes " + names(own) + ", and preSql runs before it is read: what it deletes"
                            + " would be lost",
                    "write to another table, or remove preSql");
        } else if (parameters.writeMode() != WriteMode.UPSERT) {
            checks.warning("table", "the job reads and writes " + names(own) + ": its rows are added to themselves");
        }
    }

    /** Changes that come back to where they come from, as new changes. */
    static void ofChanges(List<TargetTable> targets, Checks checks) {
        List<TableName> own = own(targets);
        if (!own.isEmpty()) {
            checks.error(
                    "table",
                    "SOURCE_IS_TARGET",
                    "the job follows and writes " + names(own) + ": what it writes would come back as a change",
                    "write to another database, or to other tables by tableMapping");
        }
    }

    private static List<TableName> own(List<TargetTable> targets) {
        return targets.stream()
                .filter(t -> t.table().equals(t.accepted().table()))
                .map(TargetTable::table)
                .toList();
    }

    private static String names(List<TableName> tables) {
        return tables.stream().map(TableName::toString).collect(Collectors.joining(", "));
    }
}
