/**
 * Pairs the reader's columns with the table's, and chooses once for each column how its values travel. {@code plan} and {@code
 * changes.plan} do this; everything after them uses the resulting {@link
 * dev.transvase.postgresql.writer.transfer.ColumnTransfer}.
 */
package dev.transvase.postgresql.writer.transfer;
