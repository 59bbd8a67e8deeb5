package dev.sluice.postgresql.cdc;

import dev.sluice.postgresql.PostgresSession;
import dev.sluice.postgresql.SqlErrors;
import dev.sluice.postgresql.SqlNames;
import dev.sluice.postgresql.cdc.PostgresCdcParameters.Ddl;
import dev.sluice.postgresql.cdc.SourceFacts.Partition;
import dev.sluice.postgresql.cdc.SourceFacts.Published;
import dev.sluice.spi.Checks;
import dev.sluice.spi.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells what has happened at the source that the stream keeps quiet about, from what was true before and what is now. When in
 * doubt it is told. Blocks on the server.
 */
final class SourceChanges {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    /** So many transactions, whose log was not written yet, a server that crashed may count once more. */
    private static final int MOST_LOST = 100_000;

    private static final String BEGIN_ANEW = "remove the stream with `sluice cdc drop` and begin anew";

    private final PostgresSession session;
    private final Ddl ddl;
    private final Checks checks;

    /** Partitions that were truncated, with the tables they belong to and what to say of them. */
    private final Map<Integer, Runnable> truncated = new LinkedHashMap<>();

    /** @param checks takes what is found, and of what the job ignores a warning */
    SourceChanges(PostgresSession session, Ddl ddl, Checks checks) {
        this.session = session;
        this.ddl = ddl;
        this.checks = checks;
    }

    /**
     * Compares.
     *
     * @param tables those that are followed, by their OIDs
     */
    void between(SourceFacts before, SourceFacts now, Map<Integer, TableName> tables) throws SQLException {
        if (before.equals(SourceFacts.UNKNOWN)) {
            return;
        }
        if (now.horizon() - before.horizon() < -MOST_LOST) {
            checks.error(
                    "datasource",
                    "SOURCE_SET_BACK",
                    "the source counts its transactions from " + Integer.toUnsignedString(now.horizon())
                            + ", and had come to " + Integer.toUnsignedString(before.horizon())
                            + " before: it was set back, and the target has changes that it knows nothing of",
                    "compare the two, " + BEGIN_ANEW);
            return;
        }
        publication(before.published(), now.published(), tables);
        for (Map.Entry<Integer, TableName> table : tables.entrySet()) {
            Map<Integer, Partition> was = before.partitions().getOrDefault(table.getKey(), Map.of());
            Map<Integer, Partition> is = now.partitions().getOrDefault(table.getKey(), Map.of());
            for (Map.Entry<Integer, Partition> one : was.entrySet()) {
                if (one.getValue().leaf()) {
                    known(table, one.getKey(), one.getValue(), is.get(one.getKey()), before.horizon());
                }
            }
            for (Map.Entry<Integer, Partition> one : is.entrySet()) {
                if (one.getValue().leaf() && (!was.containsKey(one.getKey()) || attachedAnew(one.getKey(), was, is))) {
                    added(table.getValue(), one.getKey(), was, is);
                }
            }
        }
    }

    private void publication(Published before, Published now, Map<Integer, TableName> tables) {
        if (before.publication() == 0 || now.publication() == 0) {
            return; // that it is gone is told by who needs it
        }
        for (Map.Entry<Integer, TableName> table : tables.entrySet()) {
            Integer was = before.entries().get(table.getKey());
            Integer is = now.entries().get(table.getKey());
            if (was != null && is != null && !was.equals(is)) {
                report(
                        "PUBLICATION_CHANGED",
                        table.getValue()
                                + " was taken out of the publication and put back: what was changed in between is"
                                + " not in the stream",
                        BEGIN_ANEW);
                return;
            }
        }
        if (before.publication() != now.publication() || before.changedBy() != now.changedBy()) {
            report(
                    "PUBLICATION_CHANGED",
                    "the publication was changed, and is as it was again: what it may not have published in between is"
                            + " not in the stream",
                    BEGIN_ANEW
                            + "; or, when nothing of these tables was kept back, set ddl.other to ignore for one run");
        }
    }

    private void known(Map.Entry<Integer, TableName> table, int oid, Partition was, Partition is, int horizon)
            throws SQLException {
        TableName root = table.getValue();
        if (is == null) {
            boolean dropped = find(oid).isEmpty();
            report(
                    dropped ? "PARTITION_DROPPED" : "PARTITION_DETACHED",
                    was.name() + " was " + (dropped ? "dropped" : "detached") + " at the source and is no partition of "
                            + root + " any more; the target still has its rows",
                    "delete them at the target and set ddl.other to ignore for one run, or " + BEGIN_ANEW);
        } else if (was.storage() != is.storage() && !holds(oid, precedes(horizon), false)) {
            truncated(root, table.getKey(), oid, is);
        }
    }

    private void truncated(TableName root, int rootOid, int oid, Partition partition) throws SQLException {
        String what = partition.name() + ", a partition of " + root
                + ", was truncated at the source, or written anew (by ALTER"
                + " TABLE or VACUUM FULL) with no row left that is known to be older; the stream does not tell the truncate of"
                + " a single partition, so after one the target still has its rows";
        if (ddl.truncate() == Ddl.Truncate.IGNORE) {
            checks.warning("ddl.truncate", what);
            return;
        }
        String remedy = "compare it with the target (" + condition(oid)
                + "): if it was truncated, delete there what the source has no more; if it was written anew, nothing is missing."
                + " Then set ddl.truncate to ignore for one run, or " + BEGIN_ANEW;
        Runnable error = () -> checks.error("table", "PARTITION_TRUNCATED", what, remedy);
        if (ddl.truncate() == Ddl.Truncate.APPLY) {
            truncated.putIfAbsent(rootOid, error);
        } else {
            error.run();
        }
    }

    /**
     * By tables whose truncates are applied, what reports that partitions of theirs were truncated: unless the stream tells that
     * the whole table was.
     */
    Map<Integer, Runnable> truncated() {
        return truncated;
    }

    private static boolean attachedAnew(int oid, Map<Integer, Partition> was, Map<Integer, Partition> is) {
        for (int at = oid; is.containsKey(at); at = is.get(at).parent()) {
            if (was.containsKey(at) && was.get(at).attachedBy() != is.get(at).attachedBy()) {
                return true;
            }
        }
        return false;
    }

    /** Whatever made it part of the tree must have found it empty: then all its rows are in the stream. */
    private void added(TableName root, int oid, Map<Integer, Partition> was, Map<Integer, Partition> is)
            throws SQLException {
        List<String> before = new ArrayList<>();
        for (int at = oid; is.containsKey(at); at = is.get(at).parent()) {
            Partition edge = is.get(at);
            Partition known = was.get(at);
            boolean old = known != null && known.attachedBy() == edge.attachedBy();
            if (!old && !edge.born()) {
                before.add(insertedBefore(edge));
            }
        }
        if (!before.isEmpty() && holds(oid, String.join(" OR ", before), true)) {
            report(
                    "PARTITION_ATTACHED",
                    is.get(oid).name() + " was attached to " + root
                            + " at the source with rows that it had before, as far as can be told; these are not in the"
                            + " stream",
                    "copy them to the target by a job of their own and set ddl.other to ignore for one run, or "
                            + BEGIN_ANEW);
        }
    }

    /**
     * Rows of transactions that came before, or of the same one before that step. A transaction within that one has a later
     * number, but its steps are counted along.
     */
    private static String insertedBefore(Partition edge) {
        String step = "x.cmin::pg_catalog.text::pg_catalog.int8 < " + edge.attachedAt();
        return precedes((int) edge.attachedBy()) + " OR (x.xmin::pg_catalog.text::pg_catalog.int8 = "
                + edge.attachedBy() + " OR " + (edge.attachedAt() > 2) + ") AND " + step;
    }

    /** As the server compares transactions, of which 1 and 2 come before all. */
    private static String precedes(int xid) {
        String number = "x.xmin::pg_catalog.text::pg_catalog.int8";
        return '(' + number + " < 3 OR (" + number + " - " + Integer.toUnsignedLong(xid)
                + ") & 4294967295 >= 2147483648)";
    }

    /** @param unseen what counts when its rows may not be read */
    private boolean holds(int oid, String condition, boolean unseen) throws SQLException {
        Optional<TableName> table = find(oid);
        if (table.isEmpty()) {
            return true; // gone again: the next look tells
        }
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM ONLY " + SqlNames.quote(table.get())
                        + " x WHERE " + condition + ')')) {
            row.next();
            return row.getBoolean(1);
        } catch (SQLException e) {
            if (SqlErrors.sqlState(e).equals(INSUFFICIENT_PRIVILEGE)) {
                return unseen;
            }
            throw e;
        }
    }

    private Optional<TableName> find(int oid) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT n.nspname, c.relname FROM pg_catalog.pg_class c"
                        + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = "
                        + Integer.toUnsignedString(oid))) {
            return row.next() ? Optional.of(new TableName(row.getString(1), row.getString(2))) : Optional.empty();
        }
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

    private void report(String code, String message, String remedy) {
        if (ddl.other() == Ddl.Other.FAIL) {
            checks.error("table", code, message, remedy);
        } else {
            checks.warning("ddl.other", message);
        }
    }
}
