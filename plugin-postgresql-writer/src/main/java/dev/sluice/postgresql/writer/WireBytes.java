package dev.sluice.postgresql.writer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in network order, and where they stand in the server's binary forms. */
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

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private WireBytes() {}

    static int getShort(byte[] data, int at) {
        return (short) SHORT.get(data, at);
    }

    static int getInt(byte[] data, int at) {
        return (int) INT.get(data, at);
    }

    static long getLong(byte[] data, int at) {
        return (long) LONG.get(data, at);
    }

    static void putInt(byte[] data, int at, int value) {
        INT.set(data, at, value);
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
