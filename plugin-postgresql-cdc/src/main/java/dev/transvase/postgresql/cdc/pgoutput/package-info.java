/**
 * The messages of a replication slot and their meaning: the connection that brings them, the decoder of pgoutput, places in the
 * log, and values as text. Knows nothing of jobs; {@code table} and {@code stream} are its main callers.
 */
package dev.transvase.postgresql.cdc.pgoutput;
