package dev.transvase.postgresql.cdc.source;

import dev.transvase.postgresql.PostgresSession;
import dev.transvase.postgresql.catalog.PositionTables;
import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import dev.transvase.postgresql.cdc.table.SeenTransactions;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was true of a stream's source when it was looked at last: what the stream itself does not tell, and what makes it leave out
 * changes. Stored with the position, so that the next look finds what has happened in between.
 *
 * @param place which database it is, see {@link PositionTables#place}; empty when that is not known
 * @param seen the transactions whose work the partitions are after
 * @param published how the tables are published
 * @param partitions all that is below partitioned tables, by the OIDs of these and their own
 */
public record SourceFacts(
        String place, SeenTransactions seen, Published published, Map<Integer, Map<Integer, Partition>> partitions) {

    /** Nothing has been looked at yet. */
    public static final SourceFacts UNKNOWN =
            new SourceFacts("", SeenTransactions.before(0), new Published(0, 0, Map.of()), Map.of());

    /** By how many transactions the horizon of a source without partitions moves before it is stored again. */
    private static final int WORTH_STORING = 100_000;

    /** DETACH PARTITION CONCURRENTLY gives a partition up first, and takes its entry away later. */
    private static final int DETACHED_IN_STEPS_FROM = 14;

    private static final String SNAPSHOT = "pg_catalog.txid_current_snapshot()::pg_catalog.text";

    /** The file of a table is asked of the catalog and not by a function, which would look at another moment. */
    private static final String PARTITIONS = "WITH RECURSIVE tree AS (SELECT c.oid AS root, c.oid AS part"
            + " FROM pg_catalog.pg_class c WHERE c.relkind = 'p' AND c.oid IN ($tables)"
            + " UNION ALL SELECT t.root, i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.part$attached)"
            + ", found AS (SELECT t.root::pg_catalog.int8, t.part::pg_catalog.int8, i.inhparent::pg_catalog.int8,"
            + " pg_catalog.concat(n.nspname, '.', c.relname), c.relkind <> 'p', c.relfilenode::pg_catalog.int8,"
            + " i.xmin::pg_catalog.text::pg_catalog.int8, i.cmin::pg_catalog.text::pg_catalog.int8,"
            // ATTACH PARTITION changes the entries of all columns, CREATE TABLE ... PARTITION OF makes them before.
            + " EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.part AND a.attnum > 0"
            + " AND NOT a.attisdropped AND a.xmin = i.xmin AND a.cmin::pg_catalog.text::pg_catalog.int8"
            + " < i.cmin::pg_catalog.text::pg_catalog.int8)"
            + " FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.part"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " JOIN pg_catalog.pg_inherits i ON i.inhrelid = t.part WHERE t.part <> t.root)"
            + " SELECT s.snapshot, f.* FROM (SELECT " + SNAPSHOT + " AS snapshot) s LEFT JOIN found f ON true"
            + " ORDER BY 2, 3";

    /**
     * How the tables are published.
     *
     * @param publication its OID; 0 when there is none
     * @param changedBy the transaction that changed what it publishes of them last
     * @param entries the OID of each table's entry in the publication, by the table's
     */
    public record Published(int publication, long changedBy, Map<Integer, Integer> entries) {}

    /**
     * A table below a partitioned one.
     *
     * @param parent the OID of the table that it is a partition of
     * @param name for messages
     * @param leaf whether it has rows itself
     * @param storage the file of its rows, another one once it was truncated or rewritten; 0 when it has none
     * @param attachedBy the transaction that made it a partition
     * @param attachedAt the step of that transaction
     * @param born whether it was made as a partition, so that it was empty when it became one
     */
    public record Partition(
            int parent, String name, boolean leaf, long storage, long attachedBy, long attachedAt, boolean born) {}

    /**
     * Looks at the source, in one transaction's view for each part. Blocks on the server.
     *
     * @param tables the OIDs of the tables that are followed
     */
    public static SourceFacts look(PostgresSession session, String publication, Collection<Integer> tables)
            throws SQLException {
        String place = PositionTables.place(session);
        Published published = published(session, publication);
        if (tables.isEmpty() || session.majorVersion() < Publication.PARTITIONED_FROM) {
            return new SourceFacts(place, seen(session), published, Map.of());
        }
        return withPartitions(session, place, published, tables);
    }

    /** Whether these say more than others, so that they are worth storing. */
    public boolean tellsMoreThan(SourceFacts other) {
        return !place.equals(other.place)
                || !published.equals(other.published)
                || !partitions.equals(other.partitions)
                || (!partitions.isEmpty() && !seen.equals(other.seen))
                || Math.abs(horizon() - other.horizon()) > WORTH_STORING;
    }

    /** As if these partitions had not been found yet. */
    public SourceFacts without(Set<Integer> leaves) {
        if (leaves.isEmpty()) {
            return this;
        }
        Map<Integer, Map<Integer, Partition>> others = new LinkedHashMap<>();
        partitions.forEach((root, below) -> {
            Map<Integer, Partition> rest = new LinkedHashMap<>(below);
            rest.keySet().removeAll(leaves);
            others.put(root, rest);
        });
        return new SourceFacts(place, seen, published, others);
    }

    public SourceFacts withPublished(Published now) {
        return new SourceFacts(place, seen, now, partitions);
    }

    /** Whether this is a partition. */
    public boolean has(Streamed partition) {
        return below(partition.table()).containsKey(partition.partition());
    }

    /** Whether this partition was one since before its first change in the stream, as far as can be known without another look. */
    public boolean include(Streamed partition) {
        return has(partition) && !attachedSince(partition);
    }

    /** Whether a partition was attached by a transaction that began after its first change in the stream, rather than created as a partition. */
    boolean attachedSince(Streamed partition) {
        Map<Integer, Partition> tree = below(partition.table());
        for (int at = partition.partition();
                tree.containsKey(at);
                at = tree.get(at).parent()) {
            Partition edge = tree.get(at);
            int by = (int) edge.attachedBy();
            // A number beyond all that were seen is of long ago: they come around.
            if (!edge.born() && by - partition.xid() > 0 && by - seen.end() < 0) {
                return true;
            }
        }
        return false;
    }

    /** All that was below a table, by OIDs; nothing of one that is not partitioned. */
    Map<Integer, Partition> below(int table) {
        return partitions.getOrDefault(table, Map.of());
    }

    /** Rows of transactions with lower numbers were there, see {@link SeenTransactions#horizon}. */
    int horizon() {
        return seen.horizon();
    }

    private static SeenTransactions seen(PostgresSession session) throws SQLException {
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery("SELECT " + SNAPSHOT)) {
            row.next();
            return new SeenTransactions(row.getString(1));
        }
    }

    static Published published(PostgresSession session, String name) throws SQLException {
        String sql = "SELECT p.oid::pg_catalog.int8, p.xmin::pg_catalog.text::pg_catalog.int8,"
                + " COALESCE(r.prrelid::pg_catalog.int8, 0), COALESCE(r.oid::pg_catalog.int8, 0)"
                + " FROM pg_catalog.pg_publication p LEFT JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid"
                + " WHERE p.pubname = ? ORDER BY 3";
        int oid = 0;
        long changedBy = 0;
        Map<Integer, Integer> entries = new LinkedHashMap<>();
        try (PreparedStatement statement = session.jdbc().prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    oid = (int) row.getLong(1);
                    changedBy = row.getLong(2);
                    if (row.getLong(3) != 0) {
                        entries.put((int) row.getLong(3), (int) row.getLong(4));
                    }
                }
            }
        }
        return new Published(oid, changedBy, entries);
    }

    private static SourceFacts withPartitions(
            PostgresSession session, String place, Published published, Collection<Integer> tables)
            throws SQLException {
        String sql = PARTITIONS
                .replace(
                        "$tables",
                        tables.stream().map(Integer::toUnsignedString).collect(Collectors.joining(", ")))
                .replace(
                        "$attached",
                        session.majorVersion() < DETACHED_IN_STEPS_FROM ? "" : " AND NOT i.inhdetachpending");
        Map<Integer, Map<Integer, Partition>> found = new LinkedHashMap<>();
        String snapshot = "";
        try (Statement statement = session.jdbc().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                snapshot = row.getString(1);
                int root = (int) row.getLong(2);
                if (root != 0) {
                    found.computeIfAbsent(root, table -> new LinkedHashMap<>())
                            .put((int) row.getLong(3), partition(row));
                }
            }
        }
        return new SourceFacts(place, new SeenTransactions(snapshot), published, found);
    }

    private static Partition partition(ResultSet row) throws SQLException {
        return new Partition(
                (int) row.getLong(4),
                row.getString(5),
                row.getBoolean(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9),
                row.getBoolean(10));
    }

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(place);
        byte[] snapshot = seen.snapshot().getBytes(StandardCharsets.US_ASCII);
        out.writeInt(snapshot.length);
        out.write(snapshot);
        out.writeInt(published.publication());
        out.writeLong(published.changedBy());
        out.writeInt(published.entries().size());
        for (Map.Entry<Integer, Integer> entry : published.entries().entrySet()) {
            out.writeInt(entry.getKey());
            out.writeInt(entry.getValue());
        }
        out.writeInt(partitions.size());
        for (Map.Entry<Integer, Map<Integer, Partition>> root : partitions.entrySet()) {
            out.writeInt(root.getKey());
            out.writeInt(root.getValue().size());
            for (Map.Entry<Integer, Partition> partition : root.getValue().entrySet()) {
                out.writeInt(partition.getKey());
                write(out, partition.getValue());
            }
        }
    }

    private static void write(DataOutputStream out, Partition partition) throws IOException {
        out.writeInt(partition.parent());
        out.writeUTF(partition.name());
        out.writeBoolean(partition.leaf());
        out.writeLong(partition.storage());
        out.writeLong(partition.attachedBy());
        out.writeLong(partition.attachedAt());
        out.writeBoolean(partition.born());
    }

    /** @param format of {@link StoredContext} */
    static SourceFacts read(DataInputStream in, int format) throws IOException {
        String place = in.readUTF();
        SeenTransactions seen = format == StoredContext.WITHOUT_TRUNCATES
                ? SeenTransactions.before(in.readInt())
                : new SeenTransactions(new String(in.readNBytes(in.readInt()), StandardCharsets.US_ASCII));
        int publication = in.readInt();
        long changedBy = in.readLong();
        Map<Integer, Integer> entries = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            entries.put(in.readInt(), in.readInt());
        }
        Map<Integer, Map<Integer, Partition>> partitions = new LinkedHashMap<>();
        for (int roots = in.readInt(); roots > 0; roots--) {
            int root = in.readInt();
            Map<Integer, Partition> below = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                below.put(in.readInt(), readPartition(in));
            }
            partitions.put(root, below);
        }
        return new SourceFacts(place, seen, new Published(publication, changedBy, entries), partitions);
    }

    private static Partition readPartition(DataInputStream in) throws IOException {
        return new Partition(
                in.readInt(),
                in.readUTF(),
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readBoolean());
    }
}
