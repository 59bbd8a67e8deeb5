package dev.transvase.spi;

import dev.transvase.spi.parameter.Parameter;

/**
 * A kind of system that readers and writers connect to.
 *
 * @param name the {@code type} of an entry of the data sources file, for example {@code postgresql}
 * @param parameters a record whose components carry {@link Parameter}, made from such an entry without its {@code type}
 * @param test constructed through its {@code @Inject} constructor, which may ask for the parameter record
 */
public record DataSourceType(String name, Class<? extends Record> parameters, Class<? extends DataSourceTest> test) {}
