/**
 * The data source and the sessions of the PostgreSQL plugins: how a connection is made, watched and explained when it fails. The
 * plugins and the other packages of this module may call it, except {@code sql}, {@code socket} and {@code tls}, which it calls.
 * The module knows the SPI and the JDBC driver, nothing else of Transvase.
 */
package dev.transvase.postgresql;
