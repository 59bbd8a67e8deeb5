package dev.transvase.postgresql.writer.plan;

import static dev.transvase.postgresql.writer.error.WriterErrors.SOURCE_IS_TARGET;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.DatabaseTables;
import dev.transvase.postgresql.writer.parameter.PostgresWriterParameters;
import dev.transvase.postgresql.writer.parameter.WriteMode;
import dev.transvase.postgresql.writer.target.TargetTable;
import dev.transvase.spi.ReadPlan;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.table.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the tables that a job both reads and writes, which is seldom meant. */
public final class OwnTables {

    private OwnTables() {}

    /** A table with all that is below it, and the partitioned tables that it is a part of. */
    private static final String TREES = "WITH RECURSIVE target AS (SELECT x::pg_catalog.int8::pg_catalog.oid AS oid"
            + " FROM pg_catalog.unnest(?::pg_catalog.text[]) x),"
            + " down AS (SELECT t.oid AS target, t.oid FROM target t UNION SELECT d.target, i.inhrelid FROM down d"
            + " JOIN pg_catalog.pg_inherits i ON i.inhparent = d.oid),"
            + " up AS (SELECT t.oid AS target, t.oid FROM target t UNION SELECT u.target, i.inhparent FROM up u"
            + " JOIN pg_catalog.pg_inherits i ON i.inhrelid = u.oid"
            + " JOIN pg_catalog.pg_class p ON p.oid = i.inhparent AND p.relkind = 'p')"
            + " SELECT m.target, n.nspname, c.relname FROM (SELECT * FROM down UNION SELECT * FROM up) m"
            + " JOIN pg_catalog.pg_class c ON c.oid = m.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace";

    /**
     * Rows that go into the table that they come from. {@code preSql} is the worst of it: it runs before the first row is
     * read, so what it deletes is lost, or it waits for ever for the locks of this job's own reader. Blocks on the server.
     *
     * @param session at the target
     */
    public static void ofRows(
            PostgresSession session,
            List<TargetTable> targets,
            ReadPlan plan,
            PostgresWriterParameters parameters,
            Checks checks)
            throws SQLException {
        if (plan.read().isEmpty()) {
            return;
        }
        Map<Integer, Set<String>> trees = trees(session, targets);
        Set<String> origins =
                plan.origins().stream().flatMap(Set::stream).collect(Collectors.toCollection(HashSet::new));
        List<TableName> own = meeting(targets, trees, origins);
        List<TableName> lookedAt = new ArrayList<>(meeting(targets, trees, plan.read()));
        lookedAt.removeAll(own);
        boolean preSql = !parameters.preSql().isEmpty();
        if (!own.isEmpty() && preSql) {
            checks.error(
                    "preSql",
                    SOURCE_IS_TARGET,
                    "the job reads and writes " + names(own) + ", and preSql runs before the read: rows that it"
                            + " deletes would be lost",
                    "write to another table, or remove preSql");
        } else if (!own.isEmpty() && parameters.writeMode() != WriteMode.UPSERT) {
            checks.warning("table", "the job reads and writes " + names(own) + ": its rows are read and added again");
        }
        if (!lookedAt.isEmpty() && preSql) {
            checks.warning(
                    "preSql",
                    "the reader's query uses " + names(lookedAt)
                            + ", which the job writes, and preSql runs before the read: make sure that it does not"
                            + " change what is read");
        }
    }

    private static Map<Integer, Set<String>> trees(PostgresSession session, List<TargetTable> targets)
            throws SQLException {
        DatabaseTables database = DatabaseTables.of(session);
        Map<Integer, Set<String>> trees = new HashMap<>();
        Object[] oids = targets.stream()
                .map(target -> Integer.toUnsignedString(target.oid()))
                .distinct()
                .toArray();
        try (PreparedStatement statement = session.jdbc().prepareStatement(TREES)) {
            statement.setArray(1, session.jdbc().createArrayOf("text", oids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    trees.computeIfAbsent((int) row.getLong(1), t -> new HashSet<>())
                            .add(database.name(new TableName(row.getString(2), row.getString(3))));
                }
            }
        }
        return trees;
    }

    private static List<TableName> meeting(
            List<TargetTable> targets, Map<Integer, Set<String>> trees, Set<String> read) {
        return targets.stream()
                .filter(target ->
                        trees.getOrDefault(target.oid(), Set.of()).stream().anyMatch(read::contains))
                .map(TargetTable::table)
                .distinct()
                .toList();
    }

    /** Changes that come back to where they come from, as new changes. */
    public static void ofChanges(List<TargetTable> targets, Checks checks) {
        List<TableName> own = own(targets);
        if (!own.isEmpty()) {
            checks.error(
                    "table",
                    SOURCE_IS_TARGET,
                    "the job follows and writes " + names(own) + ": what it writes would come back as a change",
                    "write to another database, or to other tables by tableMapping");
        }
    }

    /** By their names. */
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
