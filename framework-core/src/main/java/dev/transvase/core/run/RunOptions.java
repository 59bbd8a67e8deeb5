package dev.transvase.core.run;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * How to run a plan.
 *
 * @param dirtyFile where dirty records go, if anywhere
 * @param queueBytes how many bytes of records may wait between readers and writers, over all channels
 * @param clock tells when the job started
 */
public record RunOptions(Optional<Path> dirtyFile, long queueBytes, Clock clock) {

    private static final long MOST_QUEUE_BYTES = 64L << 20;

    /** No dirty file; an eighth of the heap, but no more than 64 MiB, for queues; the machine's clock. */
    public static RunOptions defaults() {
        long queueBytes = Math.min(MOST_QUEUE_BYTES, Runtime.getRuntime().maxMemory() / 8);
        return new RunOptions(Optional.empty(), queueBytes, Clock.systemUTC());
    }

    /** The same with a dirty file. */
    public RunOptions withDirtyFile(Optional<Path> file) {
        return new RunOptions(file, queueBytes, clock);
    }
}
