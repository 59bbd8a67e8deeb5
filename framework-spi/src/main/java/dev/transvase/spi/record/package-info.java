/**
 * Batches of records as they travel from a reader to a writer: {@code RecordBatchBuilder} fills one, {@code RecordCursor} goes
 * through it, and {@code RecordFields} finds the fields of one record. Values are kept in PostgreSQL's binary format; what turns them
 * into text and back stays inside this package.
 */
package dev.transvase.spi.record;
