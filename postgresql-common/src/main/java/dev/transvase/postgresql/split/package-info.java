/**
 * What one split reads: its columns as SQL, its part of a table tree, and its range of keys or blocks. The planning side of the
 * readers makes these, and {@code copy} reads them.
 */
package dev.transvase.postgresql.split;
