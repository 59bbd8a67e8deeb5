/** What a table is, whatever system it is in: its name, its columns with their types, and the definition that makes it anew elsewhere. */
package dev.transvase.spi.table;
