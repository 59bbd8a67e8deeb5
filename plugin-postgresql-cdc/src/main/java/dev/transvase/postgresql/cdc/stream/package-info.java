/**
 * Follows a slot: opens its stream, reads it on a thread of its own, makes record batches, and watches the source meanwhile.
 * {@code plan} opens it; it does not know {@code snapshot}.
 */
package dev.transvase.postgresql.cdc.stream;
