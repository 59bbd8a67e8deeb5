package dev.transvase.postgresql.cdc.stream;

import dev.transvase.postgresql.cdc.pgoutput.Lsn;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When the transactions were committed that are durable at the target. Safe for use by several threads. Holds one entry for each
 * position between the reader and the writer, which the buffers between them bound.
 */
final class CommitTimes {

    private final Deque<Announced> pending = new ArrayDeque<>();
    private long durableMicros;

    private record Announced(Lsn position, long committedMicros) {}

    /** A position was handed on, behind a transaction that was committed at this time. */
    synchronized void announced(Lsn position, long committedMicros) {
        Announced last = pending.peekLast();
        if (last != null && last.committedMicros() == committedMicros) {
            pending.removeLast();
        }
        pending.add(new Announced(position, committedMicros));
    }

    /** The target has all up to here. */
    synchronized void durable(Lsn upTo) {
        while (!pending.isEmpty() && !upTo.isBefore(pending.peek().position())) {
            durableMicros = pending.remove().committedMicros();
        }
    }

    /** When the last durable transaction was committed, in microseconds since 2000; 0 before the first. */
    synchronized long durableMicros() {
        return durableMicros;
    }
}
