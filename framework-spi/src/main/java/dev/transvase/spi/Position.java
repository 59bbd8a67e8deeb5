package dev.transvase.spi;

import java.util.Arrays;
import java.util.Objects;

/**
 * A place in a split from which reading can begin or go on: bytes that only the reader understands. A writer may store them, and a
 * later run hands them back to {@link Reader#open}. What a batch's end allows is {@link BatchEnd}.
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
    public static final Position START = of(NOTHING, "");

    public Position {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(description, "description");
    }

    /** A position that needs no context. */
    public static Position of(byte[] token, String description) {
        return new Position(token, NOTHING, description);
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
