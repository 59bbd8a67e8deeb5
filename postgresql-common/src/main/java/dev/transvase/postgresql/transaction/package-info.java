/**
 * READ ONLY transactions: the sessions that share a snapshot, savepoints in them, and what errors mean there. For whoever reads
 * tables and queries.
 */
package dev.transvase.postgresql.transaction;
