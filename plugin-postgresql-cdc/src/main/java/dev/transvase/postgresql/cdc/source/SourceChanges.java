package dev.transvase.postgresql.cdc.source;

import static dev.transvase.postgresql.cdc.error.CdcErrors.PARTITION_ATTACHED;
import static dev.transvase.postgresql.cdc.error.CdcErrors.PARTITION_DETACHED;
import static dev.transvase.postgresql.cdc.error.CdcErrors.PARTITION_DROPPED;
import static dev.transvase.postgresql.cdc.error.CdcErrors.PUBLICATION_CHANGED;
import static dev.transvase.postgresql.cdc.error.CdcErrors.SOURCE_SET_BACK;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.postgresql.cdc.source.SourceFacts.Partition;
import dev.transvase.postgresql.cdc.source.SourceFacts.Published;
import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import dev.transvase.postgresql.cdc.source.UnheardPartitions.Unheard;
import dev.transvase.spi.error.Checks;
import dev.transvase.spi.error.ErrorCode;
import dev.transvase.spi.table.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Tells what has happened at the source that the stream keeps quiet about, from what was true before and what is now. When in
 * doubt it is reported. Blocks on the server.
 */
public final class SourceChanges {

    /** So many transactions, whose log was not written yet, a server that crashed may count once more. */
    private static final int MOST_LOST = 100_000;

    static final String START_OVER = "remove the stream with `transvase cdc drop` and start over";

    private final PostgresSession session;
    private final Ddl ddl;
    private final Checks checks;

    private final PartitionRows rows;
    private final TruncatedPartitions truncated;
    private final IntPredicate reported;
    private final List<Unheard> unheard = new ArrayList<>();
    private final Set<Integer> unproven = new HashSet<>();

    /**
     * @param reported whether the stream has contained a change of a partition, by its OID
     * @param checks takes what is found, and of what the job ignores a warning
     */
    public SourceChanges(PostgresSession session, Ddl ddl, IntPredicate reported, Checks checks) {
        this.reported = reported;
        this.session = session;
        this.ddl = ddl;
        this.checks = checks;
        this.rows = new PartitionRows(session);
        this.truncated = new TruncatedPartitions(session, rows, ddl, checks);
    }

    /**
     * Compares.
     *
     * @param tables those that are followed, by their OIDs
     */
    public void between(SourceFacts before, SourceFacts now, Map<Integer, TableName> tables) throws SQLException {
        if (before.equals(SourceFacts.UNKNOWN)) {
            return;
        }
        if (now.horizon() - before.horizon() < -MOST_LOST) {
            checks.error(
                    "datasource",
                    SOURCE_SET_BACK,
                    "the source is at transaction " + Integer.toUnsignedString(now.horizon()) + " but was at "
                            + Integer.toUnsignedString(before.horizon())
                            + " before: it was restored, and the target has changes that the source has lost",
                    "compare the two, " + START_OVER);
            return;
        }
        publication(before.published(), now.published(), tables);
        truncated.between(before.seen(), now.seen());
        for (Map.Entry<Integer, TableName> table : tables.entrySet()) {
            partitions(table, before.below(table.getKey()), now.below(table.getKey()));
        }
    }

    /**
     * Finds what has become of partitions whose changes the stream has contained.
     *
     * @param before what {@link #between} compares with, which tells the rest
     * @return those that are settled: they were reported, or are partitions now. The others wait for a look that sees the
     *     transaction
     */
    public List<Streamed> streamed(
            SourceFacts before, SourceFacts now, Collection<Streamed> partitions, Map<Integer, TableName> tables)
            throws SQLException {
        List<Streamed> settled = new ArrayList<>();
        for (Streamed partition : partitions) {
            TableName root = tables.get(partition.table());
            if (root != null && !now.seen().sees(partition.xid())) {
                continue;
            }
            settled.add(partition);
            if (root != null) {
                streamed(root, partition, before.below(partition.table()), now);
            }
        }
        return settled;
    }

    private void streamed(TableName root, Streamed partition, Map<Integer, Partition> was, SourceFacts now)
            throws SQLException {
        int oid = partition.partition();
        Map<Integer, Partition> is = now.below(partition.table());
        if (!is.containsKey(oid)) {
            if (!was.containsKey(oid)) {
                gone(root, oid, partition.name().toString());
            }
        } else if (now.attachedSince(partition)) {
            AttachedPartitions attached = new AttachedPartitions(session, rows, was, is);
            if (!attached.again(oid) && attached.mayHaveBeenBefore(oid)) {
                attachedAgain(root, is.get(oid));
            }
        }
    }

    private void partitions(
            Map.Entry<Integer, TableName> table, Map<Integer, Partition> was, Map<Integer, Partition> is)
            throws SQLException {
        for (Map.Entry<Integer, Partition> one : was.entrySet()) {
            int oid = one.getKey();
            if (one.getValue().leaf()) {
                if (is.containsKey(oid)) {
                    truncated.known(table, oid, was, is);
                } else {
                    gone(table.getValue(), oid, one.getValue().name());
                }
            }
        }
        AttachedPartitions attached = new AttachedPartitions(session, rows, was, is);
        for (Map.Entry<Integer, Partition> one : is.entrySet()) {
            int oid = one.getKey();
            if (one.getValue().leaf()) {
                if (attached.again(oid)) {
                    attachedAgain(table.getValue(), one.getValue());
                } else if (attached.filled(oid)) {
                    attached(table.getValue(), one.getValue());
                } else if (!was.containsKey(oid)) {
                    truncated.added(table, oid, one.getValue());
                    added(table.getValue(), oid, one.getValue(), attached);
                }
            }
        }
    }

    /** A partition that is new, and had no rows when it became one. */
    private void added(TableName root, int oid, Partition partition, AttachedPartitions attached) throws SQLException {
        if (session.majorVersion() >= UnheardPartitions.NOTICED_FROM
                || reported.test(oid)
                || !attached.mayHaveBeenBefore(oid)) {
            return;
        }
        if (ddl.other() == Ddl.Other.FAIL) {
            unproven.add(oid);
        }
        if (rows.holds(oid, "true", false)) {
            unheard.add(new Unheard(oid, partition.name(), root.toString()));
        }
    }

    private void publication(Published before, Published now, Map<Integer, TableName> tables) {
        if (before.publication() == 0 || now.publication() == 0) {
            return; // whoever needs it reports that it is gone
        }
        for (Map.Entry<Integer, TableName> table : tables.entrySet()) {
            Integer was = before.entries().get(table.getKey());
            Integer is = now.entries().get(table.getKey());
            if (was != null && is != null && !was.equals(is)) {
                report(
                        PUBLICATION_CHANGED,
                        table.getValue()
                                + " was removed from the publication and added again: changes made in between are"
                                + " missing",
                        START_OVER);
                return;
            }
        }
        if (before.publication() != now.publication() || before.changedBy() != now.changedBy()) {
            report(
                    PUBLICATION_CHANGED,
                    "the publication was changed since the last check: changes that it did not publish in between"
                            + " are missing",
                    START_OVER
                            + "; or, if no changes of these tables were filtered out, set ddl.other to ignore for"
                            + " one run");
        }
    }

    private void gone(TableName root, int oid, String name) throws SQLException {
        boolean dropped = rows.find(oid).isEmpty();
        report(
                dropped ? PARTITION_DROPPED : PARTITION_DETACHED,
                name + " was " + (dropped ? "dropped" : "detached") + " at the source and is no longer a"
                        + " partition of " + root + "; the target still has its rows",
                "set ddl.other to ignore for one run, and after it delete them at the target, or " + START_OVER);
    }

    private void attached(TableName root, Partition partition) {
        report(
                PARTITION_ATTACHED,
                partition.name() + " was attached to " + root
                        + " at the source, probably with rows that it had before; these are not in the"
                        + " stream",
                "copy them to the target with a separate job and set ddl.other to ignore for one run, or "
                        + START_OVER);
    }

    private void attachedAgain(TableName root, Partition partition) {
        report(
                PARTITION_ATTACHED,
                partition.name() + " was detached at the source and attached to " + root
                        + " again; changes made to it in between are not in the stream",
                "set ddl.other to ignore for one run, and after it compare its rows with the target and correct the"
                        + " differences there, or "
                        + START_OVER);
    }

    /** What reports that partitions were truncated, unless the stream tells that the whole table was. */
    public TruncateDoubts truncated() {
        return truncated.doubts();
    }

    /** Partitions that need a change in the stream before it has been read up to the look. */
    public UnheardPartitions unheard() {
        return new UnheardPartitions(List.copyOf(unheard));
    }

    /** What was found, but for new partitions whose rows may not come: they count as found once the stream contains a change of them. */
    public SourceFacts proven(SourceFacts now) {
        return now.without(unproven);
    }

    /** Whether the source has changed so fast that this look does not count: the next one finds what has become of it. */
    public boolean overtaken() {
        return truncated.overtaken();
    }

    private void report(ErrorCode code, String message, String remedy) {
        if (ddl.other() == Ddl.Other.FAIL) {
            checks.error("table", code, message, remedy);
        } else {
            checks.warning("ddl.other", message);
        }
    }
}
