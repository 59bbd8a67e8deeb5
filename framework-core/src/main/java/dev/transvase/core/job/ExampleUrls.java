package dev.transvase.core.job;

import dev.transvase.spi.DataSourceType;
import java.util.Optional;

/** Looks up how a step writes the URL of its database. */
@FunctionalInterface
public interface ExampleUrls {

    /**
     * The {@link DataSourceType#exampleUrl} of what a step connects to.
     *
     * @param category {@code reader} or {@code writer}
     * @param stepType its name or alias, as written
     */
    Optional<String> of(String category, String stepType);
}
