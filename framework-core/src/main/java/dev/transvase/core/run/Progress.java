package dev.transvase.core.run;

import dev.transvase.spi.Lag;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * How far a run is.
 *
 * @param elapsed since it started
 * @param splits how many there are
 * @param splitsDone how many have been read to their end
 * @param tables how many there are; once a source is followed, 0
 * @param tablesDone how many have been read to their end, with every record of theirs durable or known to be dirty
 * @param underWay the tables that are being read now
 * @param readRecords read so far
 * @param readBytes their size
 * @param writtenRecords durable at the target so far
 * @param dirtyRecords not taken by the target so far
 * @param expectedRecords about how many records there are in all, those read included; empty when nobody can tell
 * @param waiting what all channels have been waiting for; empty when one of them moves records
 * @param lag how far it is behind a source that it follows
 * @param changes what it has read of a change stream; empty when it reads none
 * @param waits what steps wait for outside, such as a lock that somebody else holds; the longest wait first
 */
public record Progress(
        Duration elapsed,
        int splits,
        int splitsDone,
        int tables,
        int tablesDone,
        List<String> underWay,
        long readRecords,
        long readBytes,
        long writtenRecords,
        long dirtyRecords,
        OptionalLong expectedRecords,
        Optional<Waiting> waiting,
        Optional<Lag> lag,
        Optional<Changes> changes,
        List<Wait> waits) {

    /** What keeps a channel from moving records. */
    public enum Waiting {
        /** The reader has nothing yet. */
        SOURCE,
        /** The writer takes nothing yet. */
        TARGET,
        /** The job may not go faster. */
        SPEED_LIMIT
    }

    /**
     * A wait for somebody outside.
     *
     * @param what to be read behind "waiting 12 s for"
     * @param since for how long
     */
    public record Wait(String what, Duration since) {}

    /**
     * Changes read so far, by kind: an update is one, whatever its records.
     *
     * @param truncates of tables
     * @param reconnects how often the connection to the source was lost and made again
     */
    public record Changes(long inserts, long updates, long deletes, long truncates, long reconnects) {}

    public Progress {
        underWay = List.copyOf(underWay);
        waits = List.copyOf(waits);
    }

    /** The same with other words for what is waited for: without secrets, say. */
    public Progress reported(UnaryOperator<String> words) {
        return new Progress(
                elapsed,
                splits,
                splitsDone,
                tables,
                tablesDone,
                underWay,
                readRecords,
                readBytes,
                writtenRecords,
                dirtyRecords,
                expectedRecords,
                waiting,
                lag,
                changes,
                waits.stream()
                        .map(wait -> new Wait(words.apply(wait.what()), wait.since()))
                        .toList());
    }

    /** The share of the records that has been read, from 0 to 1; empty when nobody can tell. */
    public OptionalDouble share() {
        if (expectedRecords.isEmpty()) {
            return OptionalDouble.empty();
        }
        long all = expectedRecords.getAsLong();
        return OptionalDouble.of(all == 0 ? 1 : (double) readRecords / all);
    }
}
