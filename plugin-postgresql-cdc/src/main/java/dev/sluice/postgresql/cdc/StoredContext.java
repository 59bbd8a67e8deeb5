package dev.sluice.postgresql.cdc;

import dev.sluice.spi.TableName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is stored beside a position.
 *
 * @param shapes of the tables there; empty when none are stored
 * @param facts about the source, when it was looked at last
 * @param timeline of the server that the position is of; 0 when it is not known
 * @param targets where the job writes the tables; those of which it is known
 */
record StoredContext(Map<TableName, Shape> shapes, SourceFacts facts, int timeline, Map<TableName, String> targets) {

    /** What is stored by older versions begins with the lower numbers of {@link Shape}. */
    private static final int FORMAT = 16;

    /** Fit to be stored. */
    static byte[] toBytes(byte[] shapes, SourceFacts facts, int timeline, Map<TableName, String> targets) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeInt(shapes.length);
            out.write(shapes);
            facts.write(out);
            out.writeInt(timeline);
            out.writeInt(targets.size());
            for (Map.Entry<TableName, String> target : targets.entrySet()) {
                out.writeUTF(target.getKey().namespace());
                out.writeUTF(target.getKey().name());
                out.writeUTF(target.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What {@link #toBytes} made, or an older version stored; nothing is in nothing. */
    static StoredContext of(byte[] bytes) {
        if (bytes.length == 0) {
            return new StoredContext(Map.of(), SourceFacts.UNKNOWN, 0, Map.of());
        }
        if (bytes[0] != FORMAT) {
            return new StoredContext(Shape.fromBytes(bytes), SourceFacts.UNKNOWN, 0, Map.of());
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            in.readByte();
            Map<TableName, Shape> shapes = Shape.fromBytes(in.readNBytes(in.readInt()));
            return new StoredContext(shapes, SourceFacts.read(in), in.readInt(), readTargets(in));
        } catch (IOException e) {
            throw new UncheckedIOException("what is stored with the position cannot be read", e);
        }
    }

    /** None in what was stored before they were kept. */
    private static Map<TableName, String> readTargets(DataInputStream in) throws IOException {
        Map<TableName, String> targets = new LinkedHashMap<>();
        for (int left = in.available() == 0 ? 0 : in.readInt(); left > 0; left--) {
            targets.put(new TableName(in.readUTF(), in.readUTF()), in.readUTF());
        }
        return targets;
    }
}
