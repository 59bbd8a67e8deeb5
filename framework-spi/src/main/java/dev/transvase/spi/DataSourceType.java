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
 * @param exampleUrl a URL as job files give it in {@code jdbcUrl}, for messages, such as {@code
 *     jdbc:postgresql://host:5432/database}. A list of hosts, separated by commas, may replace the host in it; URLs
 *     that differ in their host alone are joined in that form. Empty when such a system has no URLs, or takes one host only
 */
public record DataSourceType(
        String name,
        Class<? extends Record> parameters,
        Class<? extends DataSourceTest> test,
        Optional<Class<? extends DataSourceCatalog>> catalog,
        Optional<String> exampleUrl) {

    public DataSourceType {
        Objects.requireNonNull(catalog, "catalog");
        Objects.requireNonNull(exampleUrl, "exampleUrl");
    }

    /** A data source that lists no tables and has no URLs. */
    public DataSourceType(String name, Class<? extends Record> parameters, Class<? extends DataSourceTest> test) {
        this(name, parameters, test, Optional.empty(), Optional.empty());
    }
}
