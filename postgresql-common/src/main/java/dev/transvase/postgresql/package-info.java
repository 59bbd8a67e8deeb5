/**
 * What the PostgreSQL plugins share: data source and sessions, names, types, catalog look-ups and the meaning of errors.
 * Knows the SPI and the JDBC driver, nothing else of Transvase.
 */
package dev.transvase.postgresql;
