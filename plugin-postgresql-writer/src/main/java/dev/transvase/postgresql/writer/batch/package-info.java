/**
 * The records of one table that one statement sends: {@link dev.transvase.postgresql.writer.batch.BatchConverter} makes them
 * from what the reader delivers. Also counts the rows that the server took, and describes the records that cannot be written.
 * Called by {@code statement}, {@code session}, {@code rows} and {@code changes}.
 */
package dev.transvase.postgresql.writer.batch;
