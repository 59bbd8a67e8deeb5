package dev.transvase.postgresql.cdc.source;

import static dev.transvase.postgresql.cdc.error.CdcErrors.PARTITION_ATTACHED;

import dev.transvase.postgresql.cdc.parameter.PostgresCdcParameters.Ddl;
import dev.transvase.spi.error.Checks;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Partitions that a look found with rows and that the stream had contained no change of. Before PostgreSQL 15 a connection that has seen a
 * table written to before it was attached continues to leave it out. Whether it does is known once the stream has been read up to the
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
     * Reports those that the stream, which has been read up to the look, has contained no change of.
     *
     * @param contained whether it has contained a change of a partition, by its OID
     */
    public void settle(IntPredicate contained, Ddl ddl, Checks checks) {
        for (Unheard partition : partitions) {
            if (contained.test(partition.oid())) {
                continue;
            }
            String what = partition.name() + ", which was attached to " + partition.root()
                    + " at the source, has rows that are not in the stream: before PostgreSQL 15 the server skips a table"
                    + " that was written to before it was attached, until the stream is opened again";
            if (ddl.other() == Ddl.Other.FAIL) {
                checks.error(
                        "table",
                        PARTITION_ATTACHED,
                        what,
                        "copy them to the target with a separate job and set ddl.other to ignore for one run, or "
                                + SourceChanges.START_OVER);
            } else {
                checks.warning("ddl.other", what);
            }
        }
    }
}
