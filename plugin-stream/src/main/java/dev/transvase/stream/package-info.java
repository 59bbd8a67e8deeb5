/**
 * The {@code stream} steps, for trying things out: a reader that makes up records, and a writer that shows them on
 * standard output, puts them into a text file or throws them away.
 */
package dev.transvase.stream;
