package dev.transvase.spi.look;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.table.TableName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Lists what a data source has, for people who choose. Constructed through its {@code @Inject} constructor, which may ask for the data
 * source's parameter record. Used on one thread; each method connects by itself, reads only, and blocks on the data source for a
 * limited time.
 */
public interface DataSourceCatalog {

    /**
     * All tables, and what can be read or written like one, that the user may see, in the order to show.
     *
     * @throws TransvaseException when the data source cannot be asked
     */
    List<CatalogTable> tables();

    /**
     * The columns of a table, in its order; empty when there is no such table.
     *
     * @throws TransvaseException when the data source cannot be asked
     */
    List<CatalogColumn> columns(TableName table);

    /**
     * Which of these tables a text of a job file means: a name or a pattern. Asks nobody.
     *
     * @throws TransvaseException USER when it is neither
     */
    List<CatalogTable> meant(String pattern, List<CatalogTable> tables);

    /**
     * A table.
     *
     * @param name its name
     * @param written the name as a job file has it, with quotes where it needs them
     * @param kind for example {@code table} or {@code view}
     * @param records about how many records it has; empty when nobody knows
     * @param bytes its size; empty when it has none, or nobody knows
     * @param key the names of its primary key's columns
     * @param apart why a pattern does not mean it although it matches; empty when it does
     */
    record CatalogTable(
            TableName name,
            String written,
            String kind,
            OptionalLong records,
            OptionalLong bytes,
            List<String> key,
            Optional<String> apart) {

        public CatalogTable {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(written, "written");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(records, "records");
            Objects.requireNonNull(bytes, "bytes");
            key = List.copyOf(key);
            Objects.requireNonNull(apart, "apart");
        }
    }

    /**
     * A column.
     *
     * @param name its name
     * @param written the name as a job file has it, with quotes where it needs them
     * @param type its type as the data source declares it
     * @param nullable whether it takes NULL
     * @param key whether it is a part of the primary key
     * @param hasDefault whether it gets a value when none is written
     * @param generated whether its values are computed, so that none can be written
     */
    record CatalogColumn(
            String name,
            String written,
            String type,
            boolean nullable,
            boolean key,
            boolean hasDefault,
            boolean generated) {

        public CatalogColumn {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(written, "written");
            Objects.requireNonNull(type, "type");
        }
    }
}
