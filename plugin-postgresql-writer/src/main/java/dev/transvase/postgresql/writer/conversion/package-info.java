/**
 * Conversions of single values from one type to another, and checks that refuse a value which the target would round or cut.
 * Called by {@code transfer}, which chooses them for a column, and by {@code batch}, which runs them.
 */
package dev.transvase.postgresql.writer.conversion;
