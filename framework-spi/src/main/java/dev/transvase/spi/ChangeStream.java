package dev.transvase.spi;

import dev.transvase.spi.record.RecordKind;
import java.util.Objects;
import java.util.Set;

/**
 * A stream of changes: records of every {@link RecordKind}, in transactions. A batch that ends within one has the end {@link
 * BatchEnd.WithinTransaction}.
 *
 * @param split the id of the splits that carry it, under which a writer stores the position
 * @param fromSnapshot whether rows come first where nothing is stored yet: what the tables held when the stream begins. It
 *     takes empty tables at the target, and empties them itself when it has to begin once more
 * @param joining the tables, by their indexes in {@link ReadPlan#tables()}, that a stream which goes on takes in with this run:
 *     their rows come first, as all tables' do where nothing is stored yet
 * @param begunBefore those of them that an earlier run did not come to the end of: the reader empties them first
 * @param positionKey what the report calls a position of the stream, for example {@code lsn}
 */
public record ChangeStream(
        String split, boolean fromSnapshot, Set<Integer> joining, Set<Integer> begunBefore, String positionKey) {

    public ChangeStream {
        Objects.requireNonNull(split, "split");
        Objects.requireNonNull(positionKey, "positionKey");
        joining = Set.copyOf(joining);
        begunBefore = Set.copyOf(begunBefore);
    }

    /** A stream that takes no further tables in. */
    public static ChangeStream of(String split, boolean fromSnapshot) {
        return new ChangeStream(split, fromSnapshot, Set.of(), Set.of(), "position");
    }
}
