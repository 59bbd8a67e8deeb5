package dev.transvase.postgresql.cdc.pgoutput;

import java.util.Arrays;

/** Where the fields of a row are in a message. Used again for each row. */
public final class Tuple {

    public static final byte NULL = 'n';
    public static final byte UNCHANGED = 'u';
    public static final byte TEXT = 't';
    public static final byte BINARY = 'b';

    private byte[] data = new byte[0];
    private byte[] kinds = new byte[16];
    private int[] offsets = new int[16];
    private int[] lengths = new int[16];
    private int width;

    /** Begins a row with this many fields, which lie in this array. */
    void reset(byte[] message, int fields) {
        data = message;
        width = fields;
        if (kinds.length < fields) {
            kinds = Arrays.copyOf(kinds, fields);
            offsets = Arrays.copyOf(offsets, fields);
            lengths = Arrays.copyOf(lengths, fields);
        }
    }

    void set(int field, byte kind, int offset, int length) {
        kinds[field] = kind;
        offsets[field] = offset;
        lengths[field] = length;
    }

    int width() {
        return width;
    }

    public byte[] data() {
        return data;
    }

    public byte kind(int field) {
        return kinds[field];
    }

    public int offset(int field) {
        return offsets[field];
    }

    public int length(int field) {
        return lengths[field];
    }
}
