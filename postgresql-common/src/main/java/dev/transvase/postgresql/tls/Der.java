package dev.transvase.postgresql.tls;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Reads one value after the other of a DER encoding, as far as private keys need it. Whatever does not fit is a {@link
 * Malformed}; nothing is read beyond the end of what is around it.
 */
final class Der {

    static final int INTEGER = 0x02;
    static final int OCTETS = 0x04;
    static final int OID = 0x06;
    static final int SEQUENCE = 0x30;

    /** The explicit tag {@code [0]}. */
    static final int CONTEXT_0 = 0xA0;

    private final byte[] bytes;
    private final int end;
    private int at;

    Der(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private Der(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /** The encoding is not what it should be. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    boolean hasMore() {
        return at < end;
    }

    /** The kind of the next value; -1 at the end. */
    int tag() {
        return hasMore() ? bytes[at] & 0xFF : -1;
    }

    /** Steps into the next value. */
    Der enter(int tag) throws Malformed {
        int length = header(tag);
        Der inner = new Der(bytes, at, at + length);
        at += length;
        return inner;
    }

    /** The content of the next value. */
    byte[] content(int tag) throws Malformed {
        int length = header(tag);
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    BigInteger integer() throws Malformed {
        byte[] content = content(INTEGER);
        if (content.length == 0) {
            throw new Malformed("an integer without a value");
        }
        return new BigInteger(content);
    }

    int smallInteger() throws Malformed {
        BigInteger value = integer();
        if (value.bitLength() > 31) {
            throw new Malformed("an integer that is too large");
        }
        return value.intValue();
    }

    /** An object identifier with dots, for example {@code 1.2.840.113549.1.1.1}. */
    String oid() throws Malformed {
        byte[] content = content(OID);
        StringBuilder text = new StringBuilder();
        long arc = 0;
        for (byte b : content) {
            arc = (arc << 7) | (b & 0x7F);
            if (arc > Integer.MAX_VALUE) {
                throw new Malformed("an object identifier that is too large");
            }
            if (b >= 0) {
                if (text.isEmpty()) {
                    long first = Math.min(arc / 40, 2);
                    text.append(first).append('.').append(arc - first * 40);
                } else {
                    text.append('.').append(arc);
                }
                arc = 0;
            }
        }
        return text.toString();
    }

    /** All that is left, as it stands. */
    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(bytes, at, end);
        at = end;
        return rest;
    }

    private int header(int tag) throws Malformed {
        if (tag() != tag) {
            throw new Malformed("not the expected kind of value");
        }
        at++;
        int length = octet();
        if (length > 0x7F) {
            int octets = length & 0x7F;
            if (octets == 0 || octets > 4) {
                throw new Malformed("a length that is too large");
            }
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = (length << 8) | octet();
            }
        }
        if (length < 0 || length > end - at) {
            throw new Malformed("a truncated value");
        }
        return length;
    }

    private int octet() throws Malformed {
        if (!hasMore()) {
            throw new Malformed("a truncated value");
        }
        return bytes[at++] & 0xFF;
    }
}
