/**
 * The statements that send a batch, COPY and INSERT, with their SQL and their arrays. {@code session} keeps one for each table;
 * {@code changes.statement} builds its own from the same parts.
 */
package dev.transvase.postgresql.writer.statement;
