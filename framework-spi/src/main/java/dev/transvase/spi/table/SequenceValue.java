package dev.transvase.spi.table;

/**
 * How far the source has counted in a sequence that numbers a column's rows. A writer that is asked to sets the target's
 * sequence past it, since rows that no longer exist may have had these numbers.
 *
 * @param table the index of the table among those of the plan
 * @param column the index of the column among those of the table
 * @param last the last number that was given out
 */
public record SequenceValue(int table, int column, long last) {}
