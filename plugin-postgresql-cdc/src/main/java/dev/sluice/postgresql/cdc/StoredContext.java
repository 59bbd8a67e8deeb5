package dev.sluice.postgresql.cdc;

import dev.sluice.spi.TableName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * What is stored beside a position.
 *
 * @param shapes of the tables there; empty when none are stored
 * @param facts about the source, when it was looked at last
 */
record StoredContext(Map<TableName, Shape> shapes, SourceFacts facts) {

    /** What is stored by older versions begins with the lower numbers of {@link Shape}. */
    private static final int FORMAT = 16;

    /** Fit to be stored. */
    static byte[] toBytes(byte[] shapes, SourceFacts facts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeInt(shapes.length);
            out.write(shapes);
            facts.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** What {@link #toBytes} made, or an older version stored; nothing is in nothing. */
    static StoredContext of(byte[] bytes) {
        if (bytes.length == 0) {
            return new StoredContext(Map.of(), SourceFacts.UNKNOWN);
        }
        if (bytes[0] != FORMAT) {
            return new StoredContext(Shape.fromBytes(bytes), SourceFacts.UNKNOWN);
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            in.readByte();
            Map<TableName, Shape> shapes = Shape.fromBytes(in.readNBytes(in.readInt()));
            return new StoredContext(shapes, SourceFacts.read(in));
        } catch (IOException e) {
            throw new UncheckedIOException("what is stored with the position cannot be read", e);
        }
    }
}
