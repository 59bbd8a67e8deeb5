package dev.transvase.postgresql.cdc.source;

import static dev.transvase.postgresql.cdc.error.CdcErrors.PARTITION_ATTACHED;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.spi.error.Checks;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Partitions that a look found with rows and that the stream had told nothing of. Before PostgreSQL 15 a connection that has seen a
 * table written to before it was attached goes on to leave it out. Whether it does is known once the stream has been read up to the
 * look.
 */
public record UnheardPartitions(List<Unheard> partitions) {

    public static final UnheardPartitions NONE = new UnheardPartitions(List.of());

    /** The server that notices when a table becomes a partition. */
    static final int NOTICED_FROM = 15;

    /**
     * One of them.
     *
     * @param oid the partition's
     * @param root the table that it is a partition of
     */
    record Unheard(int oid, String name, String root) {}

    public boolean none() {
        return partitions.isEmpty();
    }

    /**
     * Tells of those that the stream, which has been read up to the look, has told nothing of.
     *
     * @param told whether it has told a change of a partition, by its OID
     */
    public void settle(IntPredicate told, Ddl ddl, Checks checks) {
        for (Unheard partition : partitions) {
            if (told.test(partition.oid())) {
                continue;
            }
            String what = partition.name() + ", which was attached to " + partition.root()
                    + " at the source, has rows that are not in the stream: before PostgreSQL 15 the server leaves out a table"
                    + " that was written to before it was attached, until the stream is taken up again";
            if (ddl.other() == Ddl.Other.FAIL) {
                checks.error(
                        "table",
                        PARTITION_ATTACHED,
                        what,
                        "copy them to the target by a job of their own and set ddl.other to ignore for one run, or "
                                + SourceChanges.BEGIN_ANEW);
            } else {
                checks.warning("ddl.other", what);
            }
        }
    }
}
