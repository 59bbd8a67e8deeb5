/**
 * Reads changes of PostgreSQL through logical replication: a snapshot of the tables first, then every change since.
 *
 * <p>{@link dev.transvase.postgresql.cdc.PostgresCdcReader} checks and plans; a slot and a publication at the source keep what
 * has not been written yet. {@link dev.transvase.postgresql.cdc.StreamSplitReader} follows the slot: messages of pgoutput become
 * records of the tables' schemas, and what the writer has made durable is confirmed to the server.
 */
package dev.transvase.postgresql.cdc;
