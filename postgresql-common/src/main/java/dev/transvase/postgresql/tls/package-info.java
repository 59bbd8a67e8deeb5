/**
 * TLS of a data source: its files, keys and certificates, whom it trusts, and what a refusal means. The data source and its
 * sessions call it; the driver makes the socket factory by name.
 */
package dev.transvase.postgresql.tls;
