package dev.transvase.postgresql.writer.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow; used again for each batch. */
public final class ByteBuilder {

    /** Kept from one batch to the next, so that one large batch does not hold its memory permanently. */
    private static final int KEPT = 8 << 20;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] data;
    private int size;

    public ByteBuilder(int capacity) {
        this.data = new byte[capacity];
    }

    byte[] data() {
        return data;
    }

    public int size() {
        return size;
    }

    /** Empties it. */
    public void clear() {
        size = 0;
        if (data.length > KEPT) {
            data = new byte[1024];
        }
    }

    void append(int value) {
        ensure(1);
        data[size++] = (byte) value;
    }

    public void append(byte[] from, int offset, int length) {
        ensure(length);
        System.arraycopy(from, offset, data, size, length);
        size += length;
    }

    public void appendInt(int value) {
        ensure(Integer.BYTES);
        WireBytes.putInt(data, size, value);
        size += Integer.BYTES;
    }

    public void putInt(int at, int value) {
        WireBytes.putInt(data, at, value);
    }

    /**
     * Appends UTF-8 with what means something to a text COPY escaped: backslash, tab, newline, carriage return. In UTF-8
     * no byte of a longer character is one of these.
     */
    void appendEscaped(byte[] from, int offset, int length) {
        ensure(2L * length);
        byte[] to = data;
        int at = size;
        for (int i = offset; i < offset + length; i++) {
            byte b = from[i];
            switch (b) {
                case '\\' -> {
                    to[at++] = '\\';
                    to[at++] = '\\';
                }
                case '\t' -> {
                    to[at++] = '\\';
                    to[at++] = 't';
                }
                case '\n' -> {
                    to[at++] = '\\';
                    to[at++] = 'n';
                }
                case '\r' -> {
                    to[at++] = '\\';
                    to[at++] = 'r';
                }
                default -> to[at++] = b;
            }
        }
        size = at;
    }

    /** Whether a text COPY needs a backslash before this byte, or in its place. */
    static boolean isEscaped(byte b) {
        return b == '\\' || b == '\t' || b == '\n' || b == '\r';
    }

    /** Appends bytes as the text of a {@code bytea}, in hex. */
    void appendHex(byte[] from, int offset, int length) {
        append('\\');
        append('x');
        appendHexDigits(from, offset, length);
    }

    void appendHexDigits(byte[] from, int offset, int length) {
        ensure(2L * length);
        for (int i = offset; i < offset + length; i++) {
            data[size++] = HEX[from[i] >> 4 & 0xf];
            data[size++] = HEX[from[i] & 0xf];
        }
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(data, size);
    }

    private void ensure(long more) {
        long needed = size + more;
        if (needed > data.length) {
            if (needed > WireBytes.MAX_VALUE) {
                throw WireBytes.tooLarge(needed);
            }
            data = Arrays.copyOf(data, (int) Math.min(WireBytes.MAX_VALUE, Math.max(needed, 2L * data.length)));
        }
    }
}
