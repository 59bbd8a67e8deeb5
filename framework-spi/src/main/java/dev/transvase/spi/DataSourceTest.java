package dev.transvase.spi;

import dev.transvase.spi.error.TransvaseException;

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
}
