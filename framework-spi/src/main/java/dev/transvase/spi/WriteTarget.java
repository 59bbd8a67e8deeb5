package dev.transvase.spi;

import dev.transvase.spi.table.Schema;
import java.util.List;
import java.util.Objects;

/**
 * Where the records of one offered schema go.
 *
 * @param target for the report, for example {@code public.orders}
 * @param accepted the offered schema, with the encoding chosen for each native column
 * @param description for {@code transvase check}, for example the statement it will run; without secrets
 * @param into for {@code transvase check}: for each accepted column where its values go, for example {@code total
 *     numeric(10,2)}; empty when the writer has no columns of its own
 * @param repeats whether a run that begins once more would write records again that an earlier one has written
 * @param turn 0, or more when its records may refer to those of targets of a lower turn, which all have to be there before
 */
public record WriteTarget(
        String target, Schema accepted, String description, List<String> into, boolean repeats, int turn) {

    public WriteTarget {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(accepted, "accepted");
        Objects.requireNonNull(description, "description");
        into = List.copyOf(into);
        if (turn < 0) {
            throw new IllegalArgumentException("turn " + turn);
        }
    }

    /** A target without columns of its own, to which nothing is written again and which waits for no other. */
    public static WriteTarget of(String target, Schema accepted, String description) {
        return new WriteTarget(target, accepted, description, List.of(), false, 0);
    }

    /** The same target, which tells where the values of each accepted column go. */
    public WriteTarget withInto(List<String> others) {
        return new WriteTarget(target, accepted, description, others, repeats, turn);
    }

    /** The same target, to which another run would write records again, or would not. */
    public WriteTarget withRepeats(boolean other) {
        return new WriteTarget(target, accepted, description, into, other, turn);
    }

    /** The same target in another turn. */
    public WriteTarget withTurn(int other) {
        return new WriteTarget(target, accepted, description, into, repeats, other);
    }
}
