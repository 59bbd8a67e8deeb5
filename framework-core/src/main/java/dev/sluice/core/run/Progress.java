package dev.sluice.core.run;

import dev.sluice.spi.Lag;
import java.time.Duration;
import java.util.Optional;

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
 * @param lag how far it is behind a source that it follows
 */
public record Progress(
        Duration elapsed,
        int splits,
        int splitsDone,
        long readRecords,
        long readBytes,
        long writtenRecords,
        long dirtyRecords,
        Optional<Lag> lag) {}
