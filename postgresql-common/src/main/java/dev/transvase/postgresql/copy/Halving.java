package dev.transvase.postgresql.copy;

import dev.transvase.postgresql.transaction.Savepoints;
import dev.transvase.spi.error.DirtyRecord;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads rows that can be distinguished. When that fails, those that came are done, and the rest is halved until the one is found
 * that cannot be read.
 *
 * @param <A> what identifies a row
 */
record Halving<A>(Savepoints savepoints, RowSink sink, Lookup<A> lookup) {

    /** Takes a row in the server's message. */
    interface Take<A> {
        void row(A address, byte[] message, int start) throws InterruptedException;
    }

    /** Reads rows by what identifies them. */
    interface Lookup<A> {

        /** Reads these with one statement, in any order. */
        void copy(List<A> rows, Take<A> take) throws SQLException, InterruptedException;

        /** Fails when some of these should have come and did not. */
        void requireAll(List<A> rows, Set<A> seen);

        DirtyRecord unreadable(A row, SQLException failure) throws SQLException, InterruptedException;
    }

    void read(List<A> rows) throws SQLException, InterruptedException {
        Set<A> seen = new HashSet<>();
        Optional<SQLException> failed = savepoints.attempt(() -> lookup.copy(rows, (row, message, start) -> {
            sink.row(message, start, message.length - start);
            seen.add(row);
        }));
        if (failed.isEmpty()) {
            lookup.requireAll(rows, seen);
            return;
        }
        List<A> rest = rows.stream().filter(row -> !seen.contains(row)).toList();
        if (rest.size() == 1) {
            sink.unreadable(lookup.unreadable(rest.get(0), failed.get()));
        } else if (rest.isEmpty()) {
            throw failed.get();
        } else {
            read(rest.subList(0, rest.size() / 2));
            read(rest.subList(rest.size() / 2, rest.size()));
        }
    }
}
