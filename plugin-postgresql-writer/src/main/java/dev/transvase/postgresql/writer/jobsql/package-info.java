/**
 * The SQL that a job brings itself, in {@code session}, {@code preSql} and {@code postSql}: puts table names in, tries statements
 * before the job starts, and runs them. Called by the front, by {@code plan} and by {@code changes}.
 */
package dev.transvase.postgresql.writer.jobsql;
