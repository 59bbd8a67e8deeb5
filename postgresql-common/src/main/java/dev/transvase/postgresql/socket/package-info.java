/**
 * The sockets below the driver's connections: they notice silence, gather small messages, and see the log-in go by. For the
 * sessions, the TLS of this module and the meaning of errors; the driver itself makes the factories by name.
 */
package dev.transvase.postgresql.socket;
