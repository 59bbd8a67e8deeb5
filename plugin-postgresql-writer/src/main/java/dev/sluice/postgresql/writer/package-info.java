/**
 * Writes records into tables of PostgreSQL.
 *
 * <p>{@link dev.sluice.postgresql.writer.TargetPlanner} pairs the reader's columns with the table's and chooses for each,
 * once, how its values travel ({@link dev.sluice.postgresql.writer.ColumnTransfer}). A channel then regroups what it is
 * given into batches, a {@link dev.sluice.postgresql.writer.BatchStatement} sends them, and {@link
 * dev.sluice.postgresql.writer.TransactionUnit} commits several together and finds the bad rows when the server refuses.
 */
package dev.sluice.postgresql.writer;
