package dev.transvase.spi.record;

import static dev.transvase.spi.error.CommonErrors.BATCH_TOO_LARGE;

import dev.transvase.spi.error.TransvaseException;
import java.util.Arrays;

/** An array that grows as values are appended to it. */
final class ByteSink {

    /** The longest array that every virtual machine can make. */
    static final int MAX_SIZE = Integer.MAX_VALUE - 8;

    private static final int MIN_CAPACITY = 256;

    private byte[] bytes;
    private int size;

    ByteSink(int capacity) {
        bytes = new byte[Math.max(capacity, MIN_CAPACITY)];
    }

    int size() {
        return size;
    }

    /** The array appended to; another one after the next append. */
    byte[] bytes() {
        return bytes;
    }

    /** Forgets what was appended behind this size. */
    void truncate(int newSize) {
        size = newSize;
    }

    /** Makes room, counts it as appended and returns where it starts; its content is undefined. */
    int claim(int count) {
        int at = size;
        if (count > bytes.length - at) {
            bytes = Arrays.copyOf(bytes, grownCapacity(bytes.length, at, count));
        }
        size = at + count;
        return at;
    }

    /** The capacity to go on with when {@code count} bytes more than {@code size} do not fit. */
    static int grownCapacity(int capacity, int size, int count) {
        long needed = (long) size + count;
        if (needed > MAX_SIZE) {
            throw TransvaseException.of(
                    BATCH_TOO_LARGE,
                    "The records of one batch may take at most " + MAX_SIZE + " bytes together, but " + needed
                            + " are needed. Put fewer records into a batch, for example with a smaller fetchSize; a"
                            + " single record of that size cannot be moved.");
        }
        return (int) Math.min(MAX_SIZE, Math.max(needed, capacity * 2L));
    }

    void putByte(int value) {
        int at = claim(1);
        bytes[at] = (byte) value;
    }

    void putShort(int value) {
        int at = claim(Short.BYTES);
        NetworkOrder.putShort(bytes, at, (short) value);
    }

    void putInt(int value) {
        int at = claim(Integer.BYTES);
        NetworkOrder.putInt(bytes, at, value);
    }

    void putLong(long value) {
        int at = claim(Long.BYTES);
        NetworkOrder.putLong(bytes, at, value);
    }

    void putBytes(byte[] source, int offset, int length) {
        int at = claim(length);
        System.arraycopy(source, offset, bytes, at, length);
    }

    /** Writes over an int32 that was appended before. */
    void setInt(int at, int value) {
        NetworkOrder.putInt(bytes, at, value);
    }
}
