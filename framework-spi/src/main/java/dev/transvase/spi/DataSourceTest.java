package dev.transvase.spi;

import dev.transvase.spi.error.TransvaseException;
import dev.transvase.spi.look.DataSourceReport;
import java.util.List;
import java.util.Map;

/** Tries a data source for {@code transvase datasource test}. */
public interface DataSourceTest {

    /**
     * Connects once and says what answered, for example server version, user and encryption. Blocks for as long as the
     * data source's own connect timeout.
     *
     * @return one line for people, without secrets
     * @throws TransvaseException when it cannot be used; the message says why and what to do
     */
    String connect();

    /**
     * As {@link #connect}, and says each thing by itself, with what the data source lacks for some use. Changes nothing.
     *
     * @throws TransvaseException when it cannot be used; the message says why and what to do
     */
    default DataSourceReport examine() {
        return new DataSourceReport(Map.of("answer", connect()), List.of());
    }
}
