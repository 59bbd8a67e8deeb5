/** What a table is, whatever system it is in: its name, its columns with their types, and the definition that creates it elsewhere. */
package dev.transvase.spi.table;
