/**
 * Which tables a job follows, and whether server, user, tables and publication are fit for it. {@code plan} calls it before a run;
 * {@code snapshot} and {@code stream} check again later.
 */
package dev.transvase.postgresql.cdc.prerequisite;
