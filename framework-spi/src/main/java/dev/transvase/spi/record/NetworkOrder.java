package dev.transvase.spi.record;

/**
 * Reads and writes numbers in network order anywhere in an array. Byte by byte: through a view of the array it is a chain of
 * calls, until the optimizing compiler has been there.
 */
final class NetworkOrder {

    private NetworkOrder() {}

    static short getShort(byte[] data, int at) {
        return (short) ((data[at] << 8) | (data[at + 1] & 0xFF));
    }

    static int getUnsignedShort(byte[] data, int at) {
        return getShort(data, at) & 0xFFFF;
    }

    static int getInt(byte[] data, int at) {
        return (data[at] << 24) | ((data[at + 1] & 0xFF) << 16) | ((data[at + 2] & 0xFF) << 8) | (data[at + 3] & 0xFF);
    }

    static long getLong(byte[] data, int at) {
        return ((long) getInt(data, at) << Integer.SIZE) | (getInt(data, at + Integer.BYTES) & 0xFFFF_FFFFL);
    }

    static void putShort(byte[] data, int at, short value) {
        data[at] = (byte) (value >>> 8);
        data[at + 1] = (byte) value;
    }

    static void putInt(byte[] data, int at, int value) {
        data[at] = (byte) (value >>> 24);
        data[at + 1] = (byte) (value >>> 16);
        data[at + 2] = (byte) (value >>> 8);
        data[at + 3] = (byte) value;
    }

    static void putLong(byte[] data, int at, long value) {
        putInt(data, at, (int) (value >>> Integer.SIZE));
        putInt(data, at + Integer.BYTES, (int) value);
    }
}
