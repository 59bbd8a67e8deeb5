/**
 * Starts real PostgreSQL servers on this machine from archives of their binaries: for the tests, the benchmarks and the
 * demo. {@link dev.transvase.embedded.EmbeddedServers} is where to begin.
 */
package dev.transvase.embedded;
