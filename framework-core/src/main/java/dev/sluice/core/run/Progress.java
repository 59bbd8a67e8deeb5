package dev.sluice.core.run;

import java.time.Duration;

/**
 * How far a run is.
 *
 * @param elapsed since it started
 * @param splits how many there are
 * @param splitsDone how many have been read to their end
 * @param readRecords read so far
 * @param readBytes their size
 * @param writtenRecords durable at the target so far
 * @param dirtyRecords not taken by the target so far
 */
public record Progress(
        Duration elapsed,
        int splits,
        int splitsDone,
        long readRecords,
        long readBytes,
        long writtenRecords,
        long dirtyRecords) {}
