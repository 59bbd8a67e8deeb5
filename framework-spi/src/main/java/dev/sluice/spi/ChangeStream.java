package dev.sluice.spi;

import java.util.Objects;

/**
 * A stream of changes: records of every {@link RecordKind}, in transactions, in the midst of which the position is {@link
 * Position#MIDST}.
 *
 * @param split the id of the splits that carry it, under which a writer stores the position
 * @param fromSnapshot whether rows come first where nothing is stored yet: what the tables held when the stream begins. It
 *     takes empty tables at the target, and empties them itself when it has to begin once more
 */
public record ChangeStream(String split, boolean fromSnapshot) {

    public ChangeStream {
        Objects.requireNonNull(split, "split");
    }
}
