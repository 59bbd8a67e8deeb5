package dev.transvase.spi;

import java.util.List;
import java.util.Optional;

/**
 * A step that writes.
 *
 * @param implementation constructed once per run through its {@code @Inject} constructor, which may ask for the
 *     parameter record, the data source record, {@link JobContext} and {@link java.time.Clock}
 */
public record WriterType(
        String name,
        List<String> aliases,
        String summary,
        Class<? extends Record> parameters,
        Optional<String> dataSourceType,
        Class<? extends Writer> implementation)
        implements StepType {

    public WriterType {
        aliases = List.copyOf(aliases);
    }
}
