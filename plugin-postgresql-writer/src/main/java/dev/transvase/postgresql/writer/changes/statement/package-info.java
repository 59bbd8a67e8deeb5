/**
 * The statements that insert, update and delete the rows of changes. Called by {@code changes}, which makes them for each
 * session, and by {@code changes.apply}, which sends rows with them.
 */
package dev.transvase.postgresql.writer.changes.statement;
