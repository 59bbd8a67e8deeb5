/**
 * Reads tables and queries of PostgreSQL with binary COPY: {@link dev.transvase.postgresql.reader.PostgresReader} plans and
 * cuts the work, each split is one COPY whose rows become records as they are.
 */
package dev.transvase.postgresql.reader;
