package dev.transvase.spi.look;

import dev.transvase.spi.error.Finding;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a data source is like.
 *
 * @param facts each with its name, in the order to show, for example {@code version} and {@code encoding}; without secrets
 * @param prerequisites what is asked of it for some use, whether it has that or not
 */
public record DataSourceReport(Map<String, String> facts, List<Prerequisite> prerequisites) {

    public DataSourceReport {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        prerequisites = List.copyOf(prerequisites);
    }

    /**
     * Something that a use of the data source needs.
     *
     * @param use for example {@code real time}
     * @param what for example {@code wal_level is logical}
     * @param lacking why it is not so, and what mends it; empty when it is
     */
    public record Prerequisite(String use, String what, Optional<Finding> lacking) {

        public Prerequisite {
            Objects.requireNonNull(use, "use");
            Objects.requireNonNull(what, "what");
            Objects.requireNonNull(lacking, "lacking");
        }
    }
}
