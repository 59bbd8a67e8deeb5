/**
 * The {@code postgresql} writer as the runtime sees it: {@link dev.transvase.postgresql.writer.PostgresWriter} checks the
 * targets, opens what each channel writes with, and ends the job. It is the only package that calls {@code rows} and {@code
 * changes}, and nothing in the plugin may call it.
 *
 * <p>A call goes down this list and never up: {@code changes} and its parts, {@code rows}, {@code plan}, {@code session},
 * {@code statement}, {@code batch}, {@code jobsql}, {@code target}, {@code transfer}, {@code conversion}, {@code wire}, {@code
 * parameter}.
 */
package dev.transvase.postgresql.writer;
