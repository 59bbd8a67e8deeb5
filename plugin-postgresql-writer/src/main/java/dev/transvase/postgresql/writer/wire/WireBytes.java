package dev.transvase.postgresql.writer.wire;

import static dev.transvase.postgresql.writer.error.WriterErrors.RECORD_TOO_LARGE;

import dev.transvase.spi.error.TransvaseException;
import org.postgresql.util.ByteConverter;

/** Numbers in network order, and where they stand in the server's binary forms. */
public final class WireBytes {

    /** In an array: number of dimensions, flags, element OID, then size and lower bound of each dimension. */
    public static final int ARRAY_ELEMENT_OID = 8;

    /** The header of an array of one dimension. */
    public static final int ARRAY_HEADER = 20;

    /**
     * The most that the driver puts into one message is 2^30 - 1 bytes, and the server allocates no more for a value
     * either.
     */
    public static final int MAX_VALUE = (1 << 30) - (1 << 16);

    private WireBytes() {}

    public static int getInt(byte[] data, int at) {
        return ByteConverter.int4(data, at);
    }

    public static long getLong(byte[] data, int at) {
        return ByteConverter.int8(data, at);
    }

    public static void putInt(byte[] data, int at, int value) {
        ByteConverter.int4(data, at, value);
    }

    /** Writes the header of an array of one dimension that declares no NULLs, and returns where its elements start. */
    public static int putArrayHeader(byte[] data, int elementOid, int elements) {
        putInt(data, 0, 1);
        putInt(data, 4, 1);
        putInt(data, ARRAY_ELEMENT_OID, elementOid);
        putInt(data, 12, elements);
        putInt(data, 16, 1);
        return ARRAY_HEADER;
    }

    /** A value was to be this large. */
    static TransvaseException tooLarge(long size) {
        return tooLarge(
                "a value has " + size + " bytes, but the server accepts at most " + MAX_VALUE,
                "Exclude its record at the reader");
    }

    /** What cannot be sent in one message. */
    public static TransvaseException tooLarge(String what, String remedy) {
        return TransvaseException.of(RECORD_TOO_LARGE, what + ". " + remedy);
    }
}
