/**
 * Reads tables and queries of PostgreSQL with binary COPY, cut into pieces that share one snapshot: each piece is one COPY, whose
 * rows become records as they are.
 */
package dev.transvase.postgresql.copy;
