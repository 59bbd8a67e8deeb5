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
 * @param copies by OID, tables that joined the stream after it began, and of where in the log their rows at the target are: what
 *     was committed before is in them. {@link Lsn#NONE} while they are being copied
 */
record StoredContext(Map<TableName, Shape> shapes, SourceFacts facts, int timeline, Map<Integer, Lsn> copies) {

    /** What is stored by older versions begins with the lower numbers of {@link Shape}. */
    private static final int WITHOUT_COPIES = 16;

    private static final int FORMAT = 18;

    static final StoredContext NOTHING = new StoredContext(Map.of(), SourceFacts.UNKNOWN, 0, Map.of());

    /** Fit to be stored. */
    byte[] toBytes() {
        return toBytes(Shape.toBytes(shapes), facts, timeline, copies);
    }

    /** As {@link #toBytes()}, of shapes that are bytes already. */
    static byte[] toBytes(byte[] shapes, SourceFacts facts, int timeline, Map<Integer, Lsn> copies) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeInt(shapes.length);
            out.write(shapes);
            facts.write(out);
            out.writeInt(timeline);
            out.writeInt(copies.size());
            for (Map.Entry<Integer, Lsn> copy : copies.entrySet()) {
                out.writeInt(copy.getKey());
                out.writeLong(copy.getValue().value());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What {@link #toBytes} made, or an older version stored; nothing is in nothing. */
    static StoredContext of(byte[] bytes) {
        if (bytes.length == 0) {
            return NOTHING;
        }
        if (bytes[0] != WITHOUT_COPIES && bytes[0] != FORMAT) {
            return new StoredContext(Shape.fromBytes(bytes), SourceFacts.UNKNOWN, 0, Map.of());
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readByte();
            Map<TableName, Shape> shapes = Shape.fromBytes(in.readNBytes(in.readInt()));
            SourceFacts facts = SourceFacts.read(in);
            int timeline = in.readInt();
            Map<Integer, Lsn> copies = new LinkedHashMap<>();
            for (int left = format == WITHOUT_COPIES ? 0 : in.readInt(); left > 0; left--) {
                copies.put(in.readInt(), new Lsn(in.readLong()));
            }
            return new StoredContext(shapes, facts, timeline, copies);
        } catch (IOException e) {
            throw new UncheckedIOException("what is stored with the position cannot be read", e);
        }
    }
}
