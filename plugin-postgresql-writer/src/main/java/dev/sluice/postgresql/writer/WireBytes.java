package dev.sluice.postgresql.writer;

/**
 * Numbers in network order, and where they stand in the server's binary forms. Byte by byte: a view of the array is faster only
 * where the optimizing compiler has been, and many times slower before.
 */
final class WireBytes {

    /** In an array: number of dimensions, flags, element OID, then size and lower bound of each dimension. */
    static final int ARRAY_ELEMENT_OID = 8;

    /** The header of an array of one dimension. */
    static final int ARRAY_HEADER = 20;

    /**
     * The most that the driver puts into one message is 2^30 - 1 bytes, and the server allocates no more for a value
     * either.
     */
    static final int MAX_VALUE = (1 << 30) - (1 << 16);

    private WireBytes() {}

    static int getShort(byte[] data, int at) {
        return (short) ((data[at] << 8) | (data[at + 1] & 0xFF));
    }

    static int getInt(byte[] data, int at) {
        return (data[at] << 24) | ((data[at + 1] & 0xFF) << 16) | ((data[at + 2] & 0xFF) << 8) | (data[at + 3] & 0xFF);
    }

    static long getLong(byte[] data, int at) {
        return ((long) getInt(data, at) << Integer.SIZE) | (getInt(data, at + Integer.BYTES) & 0xFFFF_FFFFL);
    }

    static void putInt(byte[] data, int at, int value) {
        data[at] = (byte) (value >>> 24);
        data[at + 1] = (byte) (value >>> 16);
        data[at + 2] = (byte) (value >>> 8);
        data[at + 3] = (byte) value;
    }

    /** Writes the header of an array of one dimension without NULLs told, and returns where its elements start. */
    static int putArrayHeader(byte[] data, int elementOid, int elements) {
        putInt(data, 0, 1);
        putInt(data, 4, 1);
        putInt(data, ARRAY_ELEMENT_OID, elementOid);
        putInt(data, 12, elements);
        putInt(data, 16, 1);
        return ARRAY_HEADER;
    }
}
