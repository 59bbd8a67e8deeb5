/** What the tests of Transvase and of its plugins stand on: real PostgreSQL servers and a network that fails on demand. */
package dev.transvase.testing;
