/**
 * The source of a stream as it is and as it was: slot, publication, timeline, partitions, and what is stored with a position to
 * compare them later. Calls block on the server. {@code prerequisite}, {@code snapshot}, {@code stream} and {@code plan} call it.
 */
package dev.transvase.postgresql.cdc.source;
