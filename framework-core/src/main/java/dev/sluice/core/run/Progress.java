package dev.sluice.core.run;

import dev.sluice.spi.Lag;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How far a run is.
 *
 * @param elapsed since it started
 * @param splits how many there are
 * @param splitsDone how many have been read to their end
 * @param tables how many there are
 * @param tablesDone how many have been read to their end, with every record of theirs durable or known to be dirty
 * @param underWay the tables that are being read now
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
        int tables,
        int tablesDone,
        List<String> underWay,
        long readRecords,
        long readBytes,
        long writtenRecords,
        long dirtyRecords,
        Optional<Lag> lag) {

    public Progress {
        underWay = List.copyOf(underWay);
    }
}
