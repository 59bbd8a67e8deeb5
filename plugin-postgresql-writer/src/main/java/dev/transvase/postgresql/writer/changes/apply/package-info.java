/**
 * Applies a group of changes: as sets of rows where that gives the same result, one after the other where a change is refused.
 * Called by {@code changes}, in a transaction that the caller commits.
 */
package dev.transvase.postgresql.writer.changes.apply;
