/**
 * How often, how long after each other and until when something is tried again: {@code Backoff} says it, {@code Pause} waits. Which
 * errors are worth it is in {@code SqlErrors}. Needs no connection; everybody may call it.
 */
package dev.transvase.postgresql.retry;
