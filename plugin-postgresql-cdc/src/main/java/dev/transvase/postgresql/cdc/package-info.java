/**
 * Reads changes of PostgreSQL through logical replication: a snapshot of the tables first, then every change since. This package
 * is the plugin's front: {@link dev.transvase.postgresql.cdc.PostgresCdcReader} goes through the phases of {@code plan}; only the
 * core calls it.
 *
 * <p>A change comes out of the log in {@code pgoutput} ({@code ReplicationStream}, then {@code PgOutputDecoder}), becomes a record
 * in {@code table} ({@code TableFeed}), and a record batch in {@code stream} ({@code StreamBatches}, driven by {@code StreamPump}).
 */
package dev.transvase.postgresql.cdc;
