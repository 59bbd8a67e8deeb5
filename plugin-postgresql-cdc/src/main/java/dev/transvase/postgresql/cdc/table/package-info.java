/**
 * The followed tables: which columns they have at a position of the stream, how these change, and how rows of the stream become
 * records. Every package but {@code pgoutput} and {@code parameter} may call it.
 */
package dev.transvase.postgresql.cdc.table;
