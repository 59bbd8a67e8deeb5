/**
 * Where changes go: the tables, their keys and references, and how records of a schema fit a table. Made by {@code changes}
 * before the stream starts, and again by {@code changes.apply} when a table's schema changes.
 */
package dev.transvase.postgresql.writer.changes.plan;
