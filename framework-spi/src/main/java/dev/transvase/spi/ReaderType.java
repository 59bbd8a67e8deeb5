package dev.transvase.spi;

import java.util.List;
import java.util.Optional;

/**
 * A step that reads.
 *
 * @param implementation constructed once per run through its {@code @Inject} constructor, which may ask for the
 *     parameter record, the data source record, {@link JobContext}, {@link StoredPositions} and {@link
 *     java.time.Clock}
 */
public record ReaderType(
        String name,
        List<String> aliases,
        String summary,
        Class<? extends Record> parameters,
        Optional<String> dataSourceType,
        Class<? extends Reader> implementation)
        implements StepType {

    public ReaderType {
        aliases = List.copyOf(aliases);
    }
}
