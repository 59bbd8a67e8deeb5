package dev.transvase.spi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Where a split reader is: bytes that only the reader understands, fit to be stored and handed back to {@link
 * Reader#open}.
 *
 * @param token opaque; not to be changed after it was handed over
 * @param context what going on from there needs besides, opaque too. It changes seldom: a reader gives the same array as
 *     long as it has not, so that a writer which stores positions need not store it again; not to be changed
 * @param description for reports, for example {@code 0/16B3748}
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, compared by content below
public record Position(byte[] token, byte[] context, String description) {

    private static final byte[] NOTHING = new byte[0];

    /** Before the first record. */
    public static final Position START = new Position(NOTHING, "");

    /**
     * In the midst of records that belong together, such as those of one transaction, or of a read that cannot go on from
     * where it is. Nothing can be opened here, so it is never stored; a writer that stores positions does not commit
     * what ends here.
     */
    public static final Position MIDST = new Position("(midst)".getBytes(StandardCharsets.US_ASCII), "in the midst");

    public Position {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(description, "description");
    }

    /** A position that needs no context. */
    public Position(byte[] token, String description) {
        this(token, NOTHING, description);
    }

    /** Whether reading can go on from here: all but {@link #MIDST}. */
    public boolean resumable() {
        return !Arrays.equals(token, MIDST.token);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Position position
                && Arrays.equals(token, position.token)
                && Arrays.equals(context, position.context);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(token);
    }
}
