/**
 * The parameters of a step that writes to PostgreSQL, with their defaults and ranges, and the choices in them. Every other
 * package may look at them; this one calls none.
 */
package dev.transvase.postgresql.writer.parameter;
