package dev.transvase.spi;

import java.util.List;

/**
 * The entry point of a plugin, found through {@code META-INF/services/dev.transvase.spi.Plugin} in one of the jars of its
 * folder. It needs a public constructor without arguments and is created once per run.
 *
 * <p>The plugin's class loader sees this package, {@code org.slf4j}, {@code jakarta.inject}, the platform's classes and
 * the jars of its own folder; nothing else.
 */
public interface Plugin {

    /** The readers and writers this plugin offers; at least one. */
    List<StepType> stepTypes();

    /** The kinds of data source its steps can refer to; several plugins may offer the same one. */
    default List<DataSourceType> dataSourceTypes() {
        return List.of();
    }
}
