/**
 * What is checked and found out about the target tables before the first record: privileges, keys, triggers, row security,
 * sequences. {@link dev.transvase.postgresql.writer.plan.TargetPlanner} returns the tables to write into. Called by the front and
 * by {@code changes}, never while records are written.
 */
package dev.transvase.postgresql.writer.plan;
