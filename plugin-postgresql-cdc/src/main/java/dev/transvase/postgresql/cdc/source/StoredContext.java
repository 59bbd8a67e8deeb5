package dev.transvase.postgresql.cdc.source;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import dev.transvase.postgresql.cdc.source.StreamedPartitions.Streamed;
import dev.transvase.postgresql.cdc.source.StreamedTruncates.Truncate;
import dev.transvase.postgresql.cdc.table.Shape;
import dev.transvase.spi.table.TableName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is stored beside a position.
 *
 * @param shapes of the tables there; empty when none are stored
 * @param facts about the source, when it was looked at last
 * @param timeline of the server that the position is of; 0 when it is not known
 * @param targets where the job writes the tables; those known
 * @param truncates that the stream has reported and those facts do not include
 * @param copies by OID, tables that joined the stream after it began, and of where in the log their rows at the target are: what
 *     was committed before is in them. {@link Lsn#NONE} while they are being copied
 * @param partitions that the stream has contained changes of and those facts do not include
 * @param origins of the tables' rows
 */
public record StoredContext(
        Map<TableName, Shape> shapes,
        SourceFacts facts,
        int timeline,
        Map<TableName, String> targets,
        List<Truncate> truncates,
        Map<Integer, Lsn> copies,
        List<Streamed> partitions,
        Origins origins) {

    /** What is stored by older versions begins with the lower numbers of {@link Shape}. */
    static final int WITHOUT_TRUNCATES = 16;

    private static final int WITHOUT_PARTITIONS = 17;
    private static final int FORMAT = 18;

    public static final StoredContext NOTHING =
            new StoredContext(Map.of(), SourceFacts.UNKNOWN, 0, Map.of(), List.of(), Map.of(), List.of(), Origins.NONE);

    /** Whether the stream has contained a change of a partition that no look has found. */
    public boolean hasContained(int partition) {
        return partitions.stream().anyMatch(one -> one.partition() == partition);
    }

    /** The same of other tables. */
    public StoredContext with(Map<TableName, Shape> otherShapes, Map<Integer, Lsn> otherCopies) {
        return new StoredContext(otherShapes, facts, timeline, targets, truncates, otherCopies, partitions, origins);
    }

    /** Fit to be stored. */
    public byte[] toBytes() {
        return toBytes(Shape.toBytes(shapes), facts, timeline, targets, truncates, copies, partitions, origins);
    }

    /** As {@link #toBytes()}, of shapes that are bytes already. */
    public static byte[] toBytes(
            byte[] shapes,
            SourceFacts facts,
            int timeline,
            Map<TableName, String> targets,
            List<Truncate> truncates,
            Map<Integer, Lsn> copies,
            List<Streamed> partitions,
            Origins origins) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeInt(shapes.length);
            out.write(shapes);
            facts.write(out);
            out.writeInt(timeline);
            StreamedTruncates.write(out, truncates);
            out.writeInt(targets.size());
            for (Map.Entry<TableName, String> target : targets.entrySet()) {
                out.writeUTF(target.getKey().namespace());
                out.writeUTF(target.getKey().name());
                out.writeUTF(target.getValue());
            }
            out.writeInt(copies.size());
            for (Map.Entry<Integer, Lsn> copy : copies.entrySet()) {
                out.writeInt(copy.getKey());
                out.writeLong(copy.getValue().value());
            }
            StreamedPartitions.write(out, partitions);
            origins.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What {@link #toBytes} made, or an older version stored; nothing is in nothing. */
    public static StoredContext of(byte[] bytes) {
        if (bytes.length == 0) {
            return NOTHING;
        }
        if (bytes[0] < WITHOUT_TRUNCATES) {
            return NOTHING.with(Shape.fromBytes(bytes), Map.of());
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readByte();
            if (format > FORMAT) {
                throw new IOException("format " + format);
            }
            Map<TableName, Shape> shapes = Shape.fromBytes(in.readNBytes(in.readInt()));
            SourceFacts facts = SourceFacts.read(in, format);
            int timeline = in.readInt();
            if (format == WITHOUT_TRUNCATES) {
                return new StoredContext(
                        shapes, facts, timeline, Map.of(), List.of(), Map.of(), List.of(), Origins.NONE);
            }
            List<Truncate> truncates = StreamedTruncates.read(in);
            Map<TableName, String> targets = readTargets(in);
            Map<Integer, Lsn> copies = readCopies(in);
            if (format == WITHOUT_PARTITIONS) {
                return new StoredContext(shapes, facts, timeline, targets, truncates, copies, List.of(), Origins.NONE);
            }
            List<Streamed> partitions = StreamedPartitions.read(in);
            return new StoredContext(shapes, facts, timeline, targets, truncates, copies, partitions, Origins.read(in));
        } catch (IOException e) {
            throw new UncheckedIOException("the context stored with the position cannot be read", e);
        }
    }

    private static Map<TableName, String> readTargets(DataInputStream in) throws IOException {
        Map<TableName, String> targets = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            targets.put(new TableName(in.readUTF(), in.readUTF()), in.readUTF());
        }
        return targets;
    }

    private static Map<Integer, Lsn> readCopies(DataInputStream in) throws IOException {
        Map<Integer, Lsn> copies = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            copies.put(in.readInt(), new Lsn(in.readLong()));
        }
        return copies;
    }
}
