package dev.transvase.postgresql.cdc.source;

import dev.transvase.spi.table.TableName;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The partitions that the stream has contained changes of and that no look at the source has found yet. One that comes and goes between
 * two looks leaves no other trace. Safe for use by several threads.
 */
public final class StreamedPartitions {

    private final Map<Key, Streamed> kept = new LinkedHashMap<>();

    /** What was kept last; the same list until that changes. */
    private List<Streamed> list = List.of();

    private record Key(int table, int partition) {}

    /**
     * One of them.
     *
     * @param table the OID of the table that it is published as
     * @param partition its own
     * @param name for messages
     * @param xid the first transaction whose changes were read
     */
    public record Streamed(int table, int partition, TableName name, int xid) {}

    /** The first change counts: it was a partition since then, or is to be reported. */
    public synchronized void add(Streamed partition) {
        if (kept.putIfAbsent(new Key(partition.table(), partition.partition()), partition) == null) {
            list = List.copyOf(kept.values());
        }
    }

    /** These need no further look. */
    public synchronized void settled(Collection<Streamed> partitions) {
        if (kept.values().removeAll(partitions)) {
            list = List.copyOf(kept.values());
        }
    }

    /** In the order of the stream. */
    public synchronized List<Streamed> list() {
        return list;
    }

    static void write(DataOutputStream out, List<Streamed> partitions) throws IOException {
        out.writeInt(partitions.size());
        for (Streamed partition : partitions) {
            out.writeInt(partition.table());
            out.writeInt(partition.partition());
            out.writeUTF(partition.name().namespace());
            out.writeUTF(partition.name().name());
            out.writeInt(partition.xid());
        }
    }

    static List<Streamed> read(DataInputStream in) throws IOException {
        List<Streamed> partitions = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            partitions.add(
                    new Streamed(in.readInt(), in.readInt(), new TableName(in.readUTF(), in.readUTF()), in.readInt()));
        }
        return partitions;
    }
}
