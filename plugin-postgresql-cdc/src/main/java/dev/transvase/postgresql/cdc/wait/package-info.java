/**
 * Waiting for other sessions at the source: who they are, what they hold, and how long to be patient. {@code snapshot} and
 * {@code stream} call it.
 */
package dev.transvase.postgresql.cdc.wait;
