package dev.transvase.spi;

import dev.transvase.spi.look.DataSourceCatalog;
import dev.transvase.spi.parameter.Parameter;
import java.util.Objects;
import java.util.Optional;

/**
 * A kind of system that readers and writers connect to.
 *
 * @param name the {@code type} of an entry of the data sources file, for example {@code postgresql}
 * @param parameters a record whose components carry {@link Parameter}, made from such an entry without its {@code type}
 * @param test constructed through its {@code @Inject} constructor, which may ask for the parameter record
 * @param catalog lists its tables; empty for one that has none to list
 */
public record DataSourceType(
        String name,
        Class<? extends Record> parameters,
        Class<? extends DataSourceTest> test,
        Optional<Class<? extends DataSourceCatalog>> catalog) {

    public DataSourceType {
        Objects.requireNonNull(catalog, "catalog");
    }

    /** A data source that lists no tables. */
    public DataSourceType(String name, Class<? extends Record> parameters, Class<? extends DataSourceTest> test) {
        this(name, parameters, test, Optional.empty());
    }
}
