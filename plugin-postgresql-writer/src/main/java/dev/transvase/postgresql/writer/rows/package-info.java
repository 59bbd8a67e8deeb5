/**
 * Writes rows in batches. {@link dev.transvase.postgresql.writer.rows.PostgresChannelWriter} gathers them, and its transaction
 * unit commits several batches together and finds the bad records when the server refuses. The front opens one writer for each
 * channel.
 */
package dev.transvase.postgresql.writer.rows;
