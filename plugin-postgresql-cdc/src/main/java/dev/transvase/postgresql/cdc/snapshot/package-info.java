/**
 * The beginning of a stream, or of tables that join one: the intention, the publication and the slot, and the snapshot of the
 * tables. {@code plan} opens it; it does not know {@code stream}.
 */
package dev.transvase.postgresql.cdc.snapshot;
