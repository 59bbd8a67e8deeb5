package dev.transvase.postgresql.cdc.pgoutput;

import static dev.transvase.postgresql.cdc.error.CdcErrors.BAD_LSN;

import dev.transvase.spi.error.TransvaseException;
import java.util.Locale;

/**
 * A place in the server's write-ahead log.
 *
 * @param value unsigned
 */
public record Lsn(long value) implements Comparable<Lsn> {

    /** Before every record. */
    public static final Lsn NONE = new Lsn(0);

    /** Reads the server's form of it, for example {@code 0/16B3748}. */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        try {
            if (slash > 0) {
                long high = Long.parseLong(text.substring(0, slash), 16);
                long low = Long.parseLong(text.substring(slash + 1), 16);
                return new Lsn((high << 32) | low);
            }
        } catch (NumberFormatException e) {
            throw TransvaseException.of(BAD_LSN, "not an LSN: " + text, e);
        }
        throw TransvaseException.of(BAD_LSN, "not an LSN: " + text, null);
    }

    public boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    public static Lsn later(Lsn one, Lsn other) {
        return one.isBefore(other) ? other : one;
    }

    public static Lsn earlier(Lsn one, Lsn other) {
        return one.isBefore(other) ? one : other;
    }

    /** How many bytes lie between; 0 when the other is not before this. */
    public long bytesSince(Lsn other) {
        return other.isBefore(this) ? value - other.value : 0;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toHexString(value >>> 32).toUpperCase(Locale.ROOT)
                + '/'
                + Long.toHexString(value & 0xFFFFFFFFL).toUpperCase(Locale.ROOT);
    }
}
