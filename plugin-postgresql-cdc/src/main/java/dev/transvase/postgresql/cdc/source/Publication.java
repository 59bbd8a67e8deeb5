package dev.transvase.postgresql.cdc.source;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.sql.SqlNames;
import dev.transvase.spi.table.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A publication as the catalog has it.
 *
 * @param name its name
 * @param allTables whether it is of all tables there are
 * @param tables those it is of
 * @param kinds which of insert, update, delete and truncate it lacks
 * @param filtered the tables that it publishes only in part
 * @param generated whether it has generated columns that are stored, too; always before they could be left out
 * @param apart the partitioned tables whose partitions it has as tables of their own
 */
public record Publication(
        String name,
        boolean allTables,
        Set<TableName> tables,
        Set<String> kinds,
        Set<TableName> filtered,
        boolean generated,
        Set<TableName> apart) {

    /**
     * From this release on a table whose rows are identified by all their columns cannot be updated while a publication leaves
     * out one that is generated.
     */
    public static final int GENERATED_FROM = 18;

    private static final String WITH_GENERATED = "publish_generated_columns = stored";

    /** From this release on a publication can carry TRUNCATE. */
    private static final int TRUNCATE_FROM = 11;

    /** From this release on a partitioned table can be published as one. */
    public static final int PARTITIONED_FROM = 13;

    /** From this release on a publication can be of some rows and columns of a table. */
    private static final int FILTERED_FROM = 15;

    /** The publication of this name. Blocks on the server. */
    public static Optional<Publication> find(PostgresSession session, String name) throws SQLException {
        boolean truncates = session.majorVersion() >= TRUNCATE_FROM;
        String sql = "SELECT puballtables, pubinsert, pubupdate, pubdelete, " + (truncates ? "pubtruncate" : "true")
                + ", " + (session.majorVersion() >= GENERATED_FROM ? "pubgencols = 's'" : "true")
                + " FROM pg_catalog.pg_publication WHERE pubname = ?";
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                Set<String> lacks = new TreeSet<>();
                String[] kinds = {"insert", "update", "delete", "truncate"};
                for (int i = 0; i < kinds.length; i++) {
                    if (!row.getBoolean(2 + i)) {
                        lacks.add(kinds[i]);
                    }
                }
                return Optional.of(new Publication(
                        name,
                        row.getBoolean(1),
                        tables(session, name, "true"),
                        lacks,
                        session.majorVersion() >= FILTERED_FROM
                                ? tables(session, name, "(r.prqual IS NOT NULL OR r.prattrs IS NOT NULL)")
                                : Set.of(),
                        row.getBoolean(6),
                        session.majorVersion() >= PARTITIONED_FROM
                                ? tables(session, name, "c.relkind = 'p' AND NOT p.pubviaroot")
                                : Set.of()));
            }
        }
    }

    private static Set<TableName> tables(PostgresSession session, String name, String condition) throws SQLException {
        String sql = "SELECT n.nspname, c.relname FROM pg_catalog.pg_publication p"
                + " JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid"
                + " JOIN pg_catalog.pg_class c ON c.oid = r.prrelid"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE p.pubname = ? AND " + condition
                + " ORDER BY 1, 2";
        Set<TableName> tables = new LinkedHashSet<>();
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    tables.add(new TableName(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return tables;
    }

    /** Those of these tables that have stored generated columns and are identified by all columns, as is each partition. */
    public static Set<TableName> identifiedByGenerated(PostgresSession session, Collection<TableName> tables)
            throws SQLException {
        Set<TableName> found = new LinkedHashSet<>();
        if (session.majorVersion() < GENERATED_FROM) {
            return found;
        }
        String sql = "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relreplident = 'f'"
                + " AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attgenerated = 's'"
                + " AND NOT a.attisdropped)";
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                TableName table = new TableName(row.getString(1), row.getString(2));
                if (tables.contains(table)) {
                    found.add(table);
                }
            }
        }
        return found;
    }

    /** The statement that lets an existing one have generated columns too. */
    public static String addGenerated(String name) {
        return "ALTER PUBLICATION " + SqlNames.quote(name) + " SET (" + WITH_GENERATED + ')';
    }

    /**
     * The statement that makes one of no table yet.
     *
     * @param generated whether with generated columns, which only newer servers can tell of
     */
    public static String createStatement(int majorVersion, String name, boolean generated) {
        return "CREATE PUBLICATION " + SqlNames.quote(name)
                + " WITH (publish = 'insert, update, delete"
                + (majorVersion >= TRUNCATE_FROM ? ", truncate'" : "'")
                + (majorVersion >= PARTITIONED_FROM ? ", publish_via_partition_root = true" : "")
                + (generated ? ", " + WITH_GENERATED : "") + ')';
    }

    /** The statement that adds these tables. */
    public static String addStatement(String name, Collection<TableName> tables) {
        return "ALTER PUBLICATION " + SqlNames.quote(name) + " ADD TABLE " + list(tables);
    }

    /** The same with these tables too, whole. */
    public Publication with(Collection<TableName> others) {
        Set<TableName> all = new LinkedHashSet<>(tables);
        all.addAll(others);
        Set<TableName> still = new LinkedHashSet<>(filtered);
        still.removeAll(others);
        return new Publication(name, allTables, all, kinds, still, generated, apart);
    }

    /** Which of these it lacks. */
    public Set<TableName> missing(Collection<TableName> wanted) {
        Set<TableName> missing = new LinkedHashSet<>(wanted);
        if (allTables) {
            missing.clear();
        } else {
            missing.removeAll(tables);
        }
        return missing;
    }

    public static void run(PostgresSession session, String sql) throws SQLException {
        try (Statement statement = session.jdbc().createStatement()) {
            statement.execute(sql);
        }
    }

    /** Removes it. */
    public static void drop(PostgresSession session, String name) throws SQLException {
        run(session, "DROP PUBLICATION " + SqlNames.quote(name));
    }

    private static String list(Collection<TableName> tables) {
        return tables.stream().map(SqlNames::quote).collect(Collectors.joining(", "));
    }
}
