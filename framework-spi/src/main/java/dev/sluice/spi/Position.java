package dev.sluice.spi;

import java.util.Arrays;
import java.util.Objects;

/**
 * Where a split reader is: bytes that only the reader understands, fit to be stored and handed back to {@link
 * Reader#open}.
 *
 * @param token opaque; not to be changed after it was handed over
 * @param description for reports, for example {@code 0/16B3748}
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, compared by content below
public record Position(byte[] token, String description) {

    /** Before the first record. */
    public static final Position START = new Position(new byte[0], "");

    public Position {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(description, "description");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Position position && Arrays.equals(token, position.token);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(token);
    }
}
