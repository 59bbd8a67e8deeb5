package dev.transvase.postgresql.cdc.source;

import static dev.transvase.postgresql.cdc.error.CdcErrors.PARTITION_TRUNCATED;

import dev.transvase.postgresql.cdc.source.StreamedTruncates.Truncate;
import dev.transvase.postgresql.cdc.table.SeenTransactions;
import dev.transvase.spi.error.TransvaseException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Partitions that a look found truncated, where truncates of whole tables are applied. Whether the whole table was truncated or
 * single partitions were, which the stream does not tell, is known once the stream has been read up to the look.
 *
 * @param before what the look before has seen
 * @param now what this one has seen
 * @param partitions the partitions
 */
public record TruncateDoubts(SeenTransactions before, SeenTransactions now, List<Doubt> partitions) {

    public static final TruncateDoubts NONE =
            new TruncateDoubts(SeenTransactions.before(0), SeenTransactions.before(0), List.of());

    /**
     * A partition.
     *
     * @param table the OID of the table that is followed
     * @param alike how many partitions of the table should be in doubt with it if the whole table was truncated
     * @param changedBy the transactions that last changed its entries in the catalog, and those of its indexes and its TOAST table:
     *     all of them when it is truncated
     * @param message that it was truncated alone, and what to do
     */
    record Doubt(int table, int alike, Set<Integer> changedBy, String message) {}

    public boolean none() {
        return partitions.isEmpty();
    }

    /**
     * Those that these truncates do not explain.
     *
     * @param truncates what the stream has reported, in its order
     */
    public TruncateDoubts without(List<Truncate> truncates) {
        if (none()) {
            return this;
        }
        Map<Integer, Truncate> last = truncates.stream()
                .filter(t -> now.sees(t.xid()) && !before.sees(t.xid()))
                .collect(Collectors.toMap(Truncate::table, t -> t, (earlier, later) -> later));
        return new TruncateDoubts(
                before,
                now,
                partitions.stream()
                        .filter(p -> !last.containsKey(p.table()) || !explained(p, last.get(p.table())))
                        .toList());
    }

    /**
     * Makes sure that the stream, which has been read up to the look, explains them all.
     *
     * @throws TransvaseException when it does not
     */
    public void settle(List<Truncate> truncates) {
        List<Doubt> alone = without(truncates).partitions();
        if (!alone.isEmpty()) {
            throw TransvaseException.of(PARTITION_TRUNCATED, alone.get(0).message());
        }
    }

    /**
     * A partition that was truncated alone after the whole table has the later transaction in all of its entries. A truncate
     * within a savepoint has a number of its own there, which is that of all partitions then.
     */
    private boolean explained(Doubt partition, Truncate truncate) {
        if (partition.changedBy().contains(truncate.xid())) {
            return true;
        }
        List<Doubt> alike =
                partitions.stream().filter(p -> p.table() == partition.table()).toList();
        Set<Integer> common = new HashSet<>(partition.changedBy());
        alike.forEach(p -> common.retainAll(p.changedBy()));
        return alike.size() >= partition.alike() && partition.alike() > 1 && !common.isEmpty();
    }
}
