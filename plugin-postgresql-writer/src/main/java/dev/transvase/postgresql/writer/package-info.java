/**
 * Writes records into tables of PostgreSQL.
 *
 * <p>{@link dev.transvase.postgresql.writer.TargetPlanner} pairs the reader's columns with the table's and chooses for each,
 * once, how its values travel ({@link dev.transvase.postgresql.writer.ColumnTransfer}). A channel then regroups what it is
 * given into batches, a {@link dev.transvase.postgresql.writer.BatchStatement} sends them, and {@link
 * dev.transvase.postgresql.writer.TransactionUnit} commits several together and finds the bad rows when the server refuses.
 */
package dev.transvase.postgresql.writer;
