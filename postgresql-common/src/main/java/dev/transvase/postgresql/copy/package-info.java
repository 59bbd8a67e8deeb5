/**
 * Reads a split with binary COPY: each message of the server is one row and becomes a record as it is. Where a row cannot be
 * read, the careful read takes over. Readers open a {@link dev.transvase.postgresql.copy.CopySplitReader}; the rest is internal.
 */
package dev.transvase.postgresql.copy;
