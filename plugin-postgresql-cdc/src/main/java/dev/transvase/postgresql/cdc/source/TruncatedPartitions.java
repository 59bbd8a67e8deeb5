package dev.transvase.postgresql.cdc.source;

import static dev.transvase.postgresql.cdc.error.CdcErrors.PARTITION_TRUNCATED;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.postgresql.cdc.source.SourceFacts.Partition;
import dev.transvase.postgresql.cdc.source.TruncateDoubts.Doubt;
import dev.transvase.postgresql.cdc.table.SeenTransactions;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.table.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells which partitions were truncated between two looks. When in doubt, one counts as such. Blocks on the server. */
final class TruncatedPartitions {

    /** The table, its indexes and its TOAST table: a truncate gives each of them another file, and changes its entry. */
    private static final String FILES = "SELECT c.relfilenode::pg_catalog.int8,"
            + " f.xmin::pg_catalog.text::pg_catalog.int8 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_class f"
            + " ON f.oid IN (c.oid, c.reltoastrelid)"
            + " OR f.oid IN (SELECT i.indexrelid FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid"
            + " AND i.indislive) WHERE c.oid = ";

    private final PostgresSession session;
    private final PartitionRows rows;
    private final Ddl ddl;
    private final Checks checks;
    private final List<Doubt> doubts = new ArrayList<>();
    private SeenTransactions before = SeenTransactions.before(0);
    private SeenTransactions now = SeenTransactions.before(0);
    private boolean overtaken;

    /** @param checks takes what is found, unless the stream may explain it */
    TruncatedPartitions(PostgresSession session, PartitionRows rows, Ddl ddl, Checks checks) {
        this.session = session;
        this.rows = rows;
        this.ddl = ddl;
        this.checks = checks;
    }

    /** What the two looks have seen. */
    void between(SeenTransactions earlier, SeenTransactions later) {
        before = earlier;
        now = later;
    }

    /** A partition that both looks found. */
    void known(Map.Entry<Integer, TableName> table, int oid, Map<Integer, Partition> was, Map<Integer, Partition> is)
            throws SQLException {
        if (was.get(oid).storage() == is.get(oid).storage()
                || rows.holds(oid, PartitionRows.precedes(before.horizon()), false)) {
            return;
        }
        Files files = files(oid);
        if (files.storage() != is.get(oid).storage()) {
            overtaken = true;
            return;
        }
        if (files.changedBy().stream().anyMatch(xid -> xid - before.horizon() < 0)) {
            return; // moved to another tablespace
        }
        int alike = (int) was.entrySet().stream()
                .filter(one -> one.getValue().storage() != 0 && is.containsKey(one.getKey()))
                .count();
        reported(table, oid, is.get(oid), alike, files);
    }

    /**
     * A partition that is new, and had no rows when it became one: all of its rows are in the stream, so a truncate since is as bad
     * as one of a partition that is known. A truncate changes the entries of all of its files.
     */
    void added(Map.Entry<Integer, TableName> table, int oid, Partition partition) throws SQLException {
        if (partition.storage() == 0 || partition.storage() == Integer.toUnsignedLong(oid)) {
            return; // its first file has the table's number
        }
        Files files = files(oid);
        if (files.storage() != partition.storage()) {
            overtaken = true;
        } else if (files.changedBy().stream()
                .noneMatch(xid -> xid == (int) partition.attachedBy() || xid - before.horizon() < 0)) {
            reported(table, oid, partition, 1, files);
        }
    }

    private void reported(Map.Entry<Integer, TableName> table, int oid, Partition partition, int alike, Files files)
            throws SQLException {
        String what = partition.name() + ", a partition of " + table.getValue()
                + ", was truncated at the source, or was rewritten (by VACUUM FULL, CLUSTER or ALTER TABLE) and no row"
                + " is left that is known to be older: it is unknown which of these it was; the stream does not contain"
                + " the truncate of a single partition, so after one the target still has its rows";
        if (ddl.truncate() == Ddl.Truncate.IGNORE) {
            checks.warning("ddl.truncate", what);
            return;
        }
        String remedy =
                "set ddl.truncate to ignore for one run: the stream continues from here, without a new snapshot."
                        + " If the partition was truncated, delete at the target after that run the rows that the source no longer"
                        + " has (" + condition(oid) + "); if it was rewritten, nothing is missing. Or "
                        + SourceChanges.START_OVER;
        if (ddl.truncate() == Ddl.Truncate.APPLY) {
            doubts.add(new Doubt(table.getKey(), alike, files.changedBy(), what + "; " + remedy));
        } else {
            checks.error("table", PARTITION_TRUNCATED, what, remedy);
        }
    }

    /** Those that the truncate of a whole table may explain, where such ones are applied. */
    TruncateDoubts doubts() {
        return new TruncateDoubts(before, now, List.copyOf(doubts));
    }

    /** Whether a partition has been changed again since the later look. */
    boolean overtaken() {
        return overtaken;
    }

    /**
     * What a table is stored in.
     *
     * @param storage the file of its rows
     * @param changedBy the transactions that last changed the entries of its files
     */
    private record Files(long storage, Set<Integer> changedBy) {}

    private Files files(int oid) throws SQLException {
        long storage = 0;
        Set<Integer> changedBy = new HashSet<>();
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(FILES + Integer.toUnsignedString(oid))) {
            while (row.next()) {
                storage = row.getLong(1);
                changedBy.add((int) row.getLong(2));
            }
        }
        return new Files(storage, changedBy);
    }

    /** Which rows of the whole table are a partition's. */
    private String condition(int oid) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_get_partition_constraintdef("
                        + Integer.toUnsignedString(oid) + "::pg_catalog.oid)")) {
            row.next();
            return row.getString(1) == null ? "all rows" : "WHERE " + row.getString(1);
        }
    }
}
