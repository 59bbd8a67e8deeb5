package dev.transvase.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * What the end of a batch allows. It answers two questions: may a writer commit here, and can reading go on from here? A reader
 * gives one with each batch ({@link SplitReader#end}), and the writer gets it with the batch ({@link ChannelWriter#write}).
 *
 * <table>
 *   <caption>What each allows</caption>
 *   <tr><th></th><th>a writer may commit</th><th>reading can go on from here</th></tr>
 *   <tr><td>{@link WithinTransaction}</td><td>not where it keeps transactions whole</td><td>no</td></tr>
 *   <tr><td>{@link CommitPoint}</td><td>yes</td><td>no: after a failure the split is read from its start</td></tr>
 *   <tr><td>{@link ResumePoint}</td><td>yes</td><td>yes, from its position</td></tr>
 * </table>
 */
public sealed interface BatchEnd {

    /**
     * The records that follow belong to the same transaction of the source. A writer that applies changes commits nothing before
     * the rest has come.
     */
    record WithinTransaction() implements BatchEnd {}

    /**
     * A writer may commit. Reading cannot go on from here, so there is no position to store: this is what readers give that
     * cannot go on within a split, such as one of a table without an order.
     */
    record CommitPoint() implements BatchEnd {}

    /**
     * A writer may commit. One that stores positions stores this one in the same transaction, and a later run goes on from it.
     *
     * @param position where {@link Reader#open} goes on; not {@link Position#START}, which says that nothing was read
     */
    record ResumePoint(Position position) implements BatchEnd {

        public ResumePoint {
            Objects.requireNonNull(position, "position");
            if (position.equals(Position.START)) {
                throw new IllegalArgumentException("expected a position other than the start; use commitPoint() for"
                        + " a point that cannot be resumed from");
            }
        }
    }

    /** See {@link WithinTransaction}. */
    static BatchEnd withinTransaction() {
        return new WithinTransaction();
    }

    /** See {@link CommitPoint}. */
    static BatchEnd commitPoint() {
        return new CommitPoint();
    }

    /** The end from which reading goes on at this position. */
    static BatchEnd resumeAt(Position position) {
        return new ResumePoint(position);
    }

    /** Where reading can go on; empty for all but {@link ResumePoint}. */
    default Optional<Position> resumePosition() {
        return this instanceof ResumePoint point ? Optional.of(point.position()) : Optional.empty();
    }
}
